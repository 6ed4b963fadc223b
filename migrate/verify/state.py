"""Tells whether calls of a signature leave something behind: whether its graph touches state that they could change.

Of one that does not, every call is like the first one. So it shares a loaded model with others of its kind, which saves
most of the time that small models take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from migrate.saved_model.graph import Graph
from migrate.saved_model.operations import touches_state

# They look at state that nothing but other ops changes, or have state that lives no longer than a call.
_ONLY_READ = frozenset(
    (
        *('Variable', 'VariableV2', 'VarHandleOp', 'ReadVariableOp', 'ResourceGather', 'ResourceGatherNd'),
        *('VarIsInitializedOp', 'IsVariableInitialized', 'VariableShape', 'DisableCopyOnRead'),
        *('HashTable', 'HashTableV2', 'AnonymousHashTable', 'LookupTableFind', 'LookupTableFindV2'),
        *('LookupTableSize', 'LookupTableSizeV2', 'Assert', 'CheckNumerics', 'CheckNumericsV2'),
        *('If', 'While', 'Case', 'StatefulPartitionedCall', 'RefIdentity', 'RefSwitch', 'RefEnter'),
        *('RefExit', 'RefMerge', 'RefNextIteration', 'RefSelect'),
        *('TensorArrayV3', 'TensorArrayReadV3', 'TensorArrayWriteV3', 'TensorArrayGatherV3', 'TensorArrayScatterV3'),
        *('TensorArrayConcatV3', 'TensorArraySplitV3', 'TensorArraySizeV3', 'TensorArrayCloseV3'),
    )
)


def leaves_nothing(graph: Graph, tensors: Iterable[str]) -> bool:
    """Whether nothing that runs for these tensors, control inputs and functions included, touches lasting state."""
    todo = [_node(tensor) for tensor in tensors]
    seen: set[str] = set()
    functions: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        node = graph.nodes.get(name)
        if node is None or _touches(graph, node, functions):
            return False
        todo += [_node(tensor) for tensor in node.input]
    return True


def _touches(graph: Graph, node: Any, functions: set[str]) -> bool:
    """Whether a node or a function that it calls touches state; `functions` are those that were looked at before."""
    if node.op not in graph.functions and node.op not in _ONLY_READ and touches_state(node.op):
        return True
    called = [name for name in _called(node) if name in graph.functions and name not in functions]
    functions.update(called)
    return any(_touches(graph, inner, functions) for name in called for inner in graph.functions[name].node_def)


def _node(tensor: str) -> str:
    return tensor.lstrip('^').split(':')[0]


def _called(node: Any) -> Iterator[str]:
    """The functions that a node calls, by its op or in its attributes."""
    yield node.op
    for value in node.attr.values():
        if value.WhichOneof('value') == 'func':
            yield value.func.name
        yield from (function.name for function in value.list.func)
