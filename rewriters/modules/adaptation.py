"""Makes the code of a model_fn and of what it calls mean in TensorFlow 2 what it meant: modes and initial values.

The mode is a string, so a function that it is handed to may compare it with strings. wrap_function makes variables
outside of its graph, so an initial value must be made there, by a function, and not be a tensor of the graph.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from rewriters.exports.value_kinds import ValueKind, kind_of
from rewriters.module_view import ModuleView
from rewriters.modules.functions import Functions
from rewriters.modules.mode_folding import MODES, bindings, reads_of
from rewriters.refusal import Refusal
from rewriters.syntax import assigned_name, assigned_value, find_all, name_nodes, one_line
from rewriters.trees import replaced, walk

# Which argument of a call is the initial value: its name and position.
_VARIABLES = {
    'Variable': ('initial_value', 0),
    'get_variable': ('initializer', 3),
}
_INITIALIZERS = ('initializers.', 'keras.initializers.')
_Node = TypeVar('_Node', bound=cst.CSTNode)


@dataclass(frozen=True)
class Adaptation:
    """What takes the place of nodes of the source, and the functions of the file in which some of them stand."""

    changes: Mapping[cst.CSTNode, cst.BaseExpression]
    helpers: tuple[cst.FunctionDef, ...]

    def apply(self, node: _Node) -> _Node:
        return replaced(node, self.changes.get)

    def changed_helpers(self) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
        """The functions with their changes, as replacements of what they are in the source."""
        return {helper: (self.apply(helper),) for helper in self.helpers}


def adapt(view: ModuleView, model_fn: cst.FunctionDef, nodes: Sequence[cst.CSTNode], mode: str) -> Adaptation:
    """What must change in statements and expressions of a model_fn, and in the functions that they call.

    Raises:
        Refusal: the mode is handed to code elsewhere, or an initial value can't be made by a function.
    """
    functions = Functions(view)
    bodies = {body: None for node in nodes for body in functions.bodies(node)}
    helpers = [f for f in view.functions.values() if f.body in bodies and f is not model_fn]
    takes_mode = any(parameter.name.value == 'mode' for parameter in model_fn.params.params)
    changes: dict[cst.CSTNode, cst.BaseExpression] = {}
    for name in (name for node in nodes for name in reads_of(node, 'mode') if takes_mode):
        _require_known_function(view, name)
        changes[name] = cst.SimpleString(repr(mode))
    for body in bodies:
        for attribute in find_all(body, cst.Attribute):
            if view.symbol(attribute) in MODES:
                changes[attribute] = cst.SimpleString(repr(MODES[view.symbol(attribute) or '']))
        scope = next((helper.body for helper in helpers if helper.body is body), model_fn.body)
        changes.update(_initial_values(view, scope, body))
    changed = [helper for helper in helpers if any(node in changes for node in walk(helper))]
    return Adaptation(changes, tuple(changed))


def _require_known_function(view: ModuleView, name: cst.Name) -> None:
    argument, call = itertools.islice(view.ancestors(name), 2)
    function = call.func if isinstance(argument, cst.Arg) and isinstance(call, cst.Call) else None
    if not isinstance(function, cst.Name) or function.value not in view.functions or not view.is_global(function):
        raise Refusal('the mode is handed to code outside of this file, or used in a way that is not understood', name)


def _initial_values(
    view: ModuleView, scope: cst.CSTNode, body: cst.CSTNode
) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    for call in find_all(body, cst.Call):
        if not isinstance(call, cst.Call) or view.called(call) not in _VARIABLES:
            continue
        name, position = _VARIABLES[view.called(call) or '']
        given = [a for i, a in enumerate(call.args) if (a.keyword.value == name if a.keyword else i == position)]
        for value in (argument.value for argument in given):
            if not _makes_initializer(view, value):
                yield from _delayed(view, scope, value)


def _makes_initializer(view: ModuleView, node: cst.BaseExpression) -> bool:
    """`tf.zeros_initializer()`, `tf.keras.initializers.he_normal()`: objects, not tensors."""
    called = view.called(node) or ''
    return called.endswith('initializer') or called.startswith(_INITIALIZERS)


def _is_bound_after(view: ModuleView, scope: cst.CSTNode, name: cst.Name, line: cst.CSTNode) -> bool:
    return any(view.line(node) > view.line(line) for node in bindings(scope, name.value))


def _delayed(
    view: ModuleView, scope: cst.CSTNode, value: cst.BaseExpression
) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    """The value, or what its name was assigned, as a function that makes it."""
    is_name = isinstance(value, cst.Name)
    if isinstance(value, cst.Lambda) or (is_name and kind_of(view, [scope], value) is not ValueKind.TENSOR):
        return
    made: cst.BaseExpression | None = value
    if isinstance(value, cst.Name):
        lines = [s for s in find_all(scope, cst.SimpleStatementLine) if assigned_name(s) == value.value]
        uses = [node for node in name_nodes(scope) if node.value == value.value]
        made = assigned_value(lines[0]) if len(lines) == 1 and len(uses) == 2 else None
        if made is None or any(_is_bound_after(view, scope, name, lines[0]) for name in name_nodes(made)):
            reason = f'the initial value `{value.value}` of a variable is a tensor that can\'t be made later'
            raise Refusal(reason, value)
    if made is None or not any(view.called(call) for call in find_all(made, cst.Call)):
        return
    for name in name_nodes(made):
        if kind_of(view, [scope], name) is ValueKind.TENSOR:
            raise Refusal(f'the initial value `{one_line(made)}` of a variable is made from a tensor', made)
    yield made, cst.Lambda(cst.Parameters(), made)
