"""Finds tensors that are fed or fetched by literal names: `sess.run('y:0', {'x:0': v})`, `get_tensor_by_name('x:0')`.

https://www.tensorflow.org/guide/saved_model#details_of_the_savedmodel_command_line_interface
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from rewriters.findings import Confidence, Finding
from rewriters.loads.calls import Source, argument
from rewriters.loads.codes import TENSOR_NAMES
from rewriters.options import SESSION_MODULE
from rewriters.symbols import dotted_name

_LOOKUPS = ('get_tensor_by_name', 'get_operation_by_name', 'as_graph_element')
RUNS = ('run', 'eval', 'partial_run', 'partial_run_setup', 'make_callable')
"""Methods that are given what to feed and to fetch."""
_TENSOR = re.compile(r':\d{1,2}$')
_SHOWN = 4
_ADVICE = (
    'Take the names from the signature: `saved_model_cli show --dir MODEL --all` lists the inputs and outputs next to '
    'these tensors; then call tf.saved_model.load(MODEL).signatures[key] with them.'
)
_ELSEWHERE_ADVICE = (
    'If the graph comes from a SavedModel, take the names from its signature (`saved_model_cli show --dir MODEL --all` '
    'lists them). The names of a graph that import_graph_def or import_meta_graph reads from its own file stay.'
)
# Graphs that are made in the file itself, or come from files of their own, keep their names.
_MAKE_GRAPHS = frozenset(
    {
        'import_graph_def', 'graph_util.import_graph_def', 'placeholder', 'placeholder_with_default',
        'saved_model.Builder', 'saved_model.simple_save', 'train.import_meta_graph',
    }
)  # fmt: skip


def find(source: Source) -> Iterator[Finding]:
    """A finding for each call that names tensors of a graph which the file doesn't make."""
    calls = source.calls()
    called = {source.called(call) for call in calls}
    loads = 'saved_model.load' in called
    if not loads and (called & _MAKE_GRAPHS or any(map(_exports_its_session, calls))):
        return
    for call in calls:
        names = list(dict.fromkeys(_names(source, call)))
        if names and not source.is_consumed(call):
            advice = _ADVICE if loads else _ELSEWHERE_ADVICE
            yield Finding(TENSOR_NAMES, Confidence.MANUAL, source.place(call), _message(names, loads), advice)


def _message(names: list[str], loads: bool) -> str:
    """`loads` says that the file loads a SavedModel; otherwise the graph may be one of another kind."""
    shown = ', '.join(f'"{name}"' for name in names[:_SHOWN]) + (', …' if len(names) > _SHOWN else '')
    are, such = ('is a tensor', 'such name') if len(names) == 1 else ('are tensors', 'such names')
    if loads:
        graph = 'the graph that TensorFlow 1 exported: a model exported by TensorFlow 2 has no'
    else:
        graph = 'a graph that comes from elsewhere: if a SavedModel brings it, one exported by TensorFlow 2 has no'
    return f'{shown} {are} of {graph} {such}'


def _exports_its_session(call: ast.Call) -> bool:
    """Whether it is what a builder became that keeps its session."""
    return (dotted_name(call.func) or '').startswith(f'{SESSION_MODULE}.')


def _names(source: Source, call: ast.Call) -> list[str]:
    """The literal names in a call that looks tensors up or runs them."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ''
    if method in _LOOKUPS:
        given = argument(call, 0, 'name') or argument(call, 0, 'obj')
        strings = source.strings(given) if given is not None and not _is_taken_from_proto(given) else []
        return strings if method == 'get_operation_by_name' else [name for name in strings if _TENSOR.search(name)]
    if method not in RUNS or source.is_foreign(call):
        return []
    first = 0 if method == 'eval' else 1
    fetches = argument(call, 0, 'fetches') if first else None
    feeds = argument(call, first, 'feed_dict')
    fed = [key for key in feeds.keys if key is not None] if isinstance(feeds, ast.Dict) else []
    parts = [*([fetches] if fetches is not None and not isinstance(fetches, ast.Call) else []), *fed]
    return [name for part in parts for name in source.strings(part) if _TENSOR.search(name)]


def _is_taken_from_proto(node: ast.expr) -> bool:
    """`signature.inputs['x'].name`"""
    return isinstance(node, ast.Attribute) and node.attr == 'name'
