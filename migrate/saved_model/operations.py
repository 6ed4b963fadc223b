"""Which ops of a graph deserve a look: those that touch files or Python, and those that TensorFlow does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# TensorFlow runs these as part of the graph: with its files and its rights.
_WHAT_THEY_DO = {
    **dict.fromkeys(('PyFunc', 'PyFuncStateless', 'EagerPyFunc'), 'runs a Python function, which no SavedModel holds'),
    **dict.fromkeys(('ReadFile', 'MatchingFiles'), 'reads files'),
    **dict.fromkeys(
        ('WholeFileReader', 'WholeFileReaderV2', 'TextLineReader', 'TextLineReaderV2', 'TFRecordReader'), 'reads files'
    ),
    **dict.fromkeys(
        ('TFRecordReaderV2', 'FixedLengthRecordReader', 'FixedLengthRecordReaderV2', 'LMDBReader'), 'reads files'
    ),
    **dict.fromkeys(
        ('TextLineDataset', 'TFRecordDataset', 'TFRecordDatasetV2', 'FixedLengthRecordDataset', 'SqlDataset'),
        'reads files',
    ),
    'WriteFile': 'writes files',
    **dict.fromkeys(('DebugIdentity', 'DebugIdentityV2'), 'may send values elsewhere'),
    **dict.fromkeys(('CreateSummaryFileWriter', 'SummaryWriter', 'WriteSummary'), 'writes files'),
    **dict.fromkeys(('RpcCall', 'RpcClient', 'TryRpc', 'Rpc'), 'calls another machine'),
}
_TABLE = 'registered_ops.txt'


@dataclass(frozen=True)
class Operation:
    """An op that deserves a look."""

    name: str
    count: int
    what: str
    """What it does, or that it is not known."""


def notable_operations(meta_graph: Any) -> tuple[Operation, ...]:
    """Those of the graph and of its functions, by name."""
    functions = {function.signature.name for function in meta_graph.graph_def.library.function}
    counts = Counter(node.op for node in all_nodes(meta_graph) if node.op not in functions)
    return tuple(Operation(name, counts[name], what) for name in sorted(counts) if (what := _what(name)))


def all_nodes(meta_graph: Any) -> Iterator[Any]:
    """Those of the graph and of its functions."""
    yield from meta_graph.graph_def.node
    for function in meta_graph.graph_def.library.function:
        yield from function.node_def


def is_of_tensorflow_2(name: str) -> bool:
    """Whether TensorFlow 2.21 has the op. Libraries of one's own may bring others."""
    return '2' in _registered().get(name, '')


def touches_state(name: str) -> bool:
    """Whether an op may depend on what ran before it, or change what runs later. Nothing is known of foreign ones."""
    return 's' in _registered().get(name, 's')


def _what(name: str) -> str:
    if name in _WHAT_THEY_DO:
        return _WHAT_THEY_DO[name]
    versions = _registered().get(name)
    if versions is None:
        return 'is no op of TensorFlow: loading it needs the library that it comes from'
    return '' if '2' in versions else 'is gone in TensorFlow 2: no version of it loads this graph'


@cache
def _registered() -> dict[str, str]:
    """The ops of TensorFlow 1.15 and 2.21, with the `1` and `2` of those that have it, and `s` if it touches state."""
    text = (resources.files('migrate.saved_model') / _TABLE).read_text(encoding='utf-8')
    return dict(line.split() for line in text.splitlines() if not line.startswith('#'))
