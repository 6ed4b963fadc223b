"""Reads `tf.contrib.predictor.from_saved_model(directory)`: a function of arrays, with a session inside.

https://github.com/tensorflow/tensorflow/blob/r1.15/tensorflow/contrib/predictor/saved_model_predictor.py
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import find_calls
from rewriters.loads.surroundings import check_eager, check_place
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, dotted_name, name_nodes, one_line

SYMBOL = 'contrib.predictor.from_saved_model'
_PARAMETERS = (
    'export_dir', 'signature_def_key', 'signature_def', 'input_names', 'output_names', 'tags', 'graph', 'config'
)  # fmt: skip
_KEPT = frozenset({'export_dir', 'signature_def_key', 'tags'})
_ATTRIBUTES = frozenset({'feed_tensors', 'fetch_tensors', 'graph', 'session'})
_ONLY_PREDICTORS = frozenset({'feed_tensors', 'fetch_tensors'})


@dataclass(frozen=True)
class Predictor:
    """One call that makes a predictor, and which of its arguments are still needed."""

    call: cst.Call
    arguments: tuple[tuple[str, cst.BaseExpression], ...]
    has_config: bool


def find(view: ModuleView) -> list[cst.Call]:
    """Every call that makes a predictor from a SavedModel, in source order."""
    return find_calls(view, SYMBOL)


def read(view: ModuleView, call: cst.Call) -> Predictor:
    """Reads one of them.

    Raises:
        Refusal: it does more than to be called with inputs.
    """
    given = arguments(call, _PARAMETERS)
    if given is None or 'export_dir' not in given:
        raise Refusal('the arguments of the predictor are not understood', call)
    given = {name: value for name, value in given.items() if not _is_none(value)}
    for name in given:
        if name not in _KEPT and name != 'config':
            raise Refusal(f'the predictor is given `{name}`', call)
    check_eager(view)
    check_place(view, [call, *_uses(view, call)])
    kept = tuple((name, value) for name, value in given.items() if name in _KEPT)
    return Predictor(call, kept, 'config' in given)


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == 'None'


def _uses(view: ModuleView, call: cst.Call) -> list[cst.Call]:
    """The calls of the predictor in this file, as far as its name tells.

    Raises:
        Refusal: its session, graph or tensors are used.
    """
    names = {name for name in map(dotted_name, _targets(view, call)) if name is not None}
    for node in view.find_all(cst.Attribute):
        if not isinstance(node, cst.Attribute) or node.attr.value not in _ATTRIBUTES:
            continue
        if node.attr.value in _ONLY_PREDICTORS or node.value is call or dotted_name(node.value) in names:
            raise Refusal(f'`{one_line(node)}` uses what is inside of the predictor', node)
    return [node for node in view.calls if dotted_name(node.func) in names]


def _targets(view: ModuleView, call: cst.Call) -> list[cst.BaseExpression]:
    """What the predictor is assigned to."""
    assign = next(view.ancestors(call))
    return [target.target for target in assign.targets] if isinstance(assign, cst.Assign) else []


def imports_to_drop(
    view: ModuleView, calls: list[cst.Call]
) -> list[tuple[cst.SimpleStatementLine, cst.ImportFrom, list[cst.ImportAlias]]]:
    """Imports of the predictor's module that nothing but `calls` uses: (statement, import, the names in question)."""
    used = {name for call in calls for name in name_nodes(call.func)}
    others = {node.value for node in name_nodes(view.module) if node not in used and not _is_in_import(view, node)}
    found = []
    for node in view.find_all(cst.ImportFrom):
        if not isinstance(node, cst.ImportFrom) or isinstance(node.names, cst.ImportStar) or node.module is None:
            continue
        module = dotted_name(node.module)
        names = [
            alias
            for alias in node.names
            if f'{module}.{alias.evaluated_name}' in ('tensorflow.contrib.predictor', 'tensorflow.' + SYMBOL)
            and (alias.evaluated_alias or alias.evaluated_name) not in others
        ]
        line = next(view.ancestors(node))
        if names and isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            found.append((line, node, names))
    return found


def _is_in_import(view: ModuleView, node: cst.Name) -> bool:
    return any(isinstance(outer, cst.ImportAlias) for outer in view.ancestors(node))
