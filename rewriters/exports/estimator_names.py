"""What a name means where an Estimator is made, trained or exported: the one plain assignment behind it."""

from __future__ import annotations

import itertools

import libcst as cst

from rewriters.exports.common import CONSTANTS
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import assigned_name, assigned_value, find_all, name_nodes, string_value

_DELAYED = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


def other_uses(view: ModuleView, name: cst.Name) -> list[cst.Name]:
    """Every other place of the module that names what `name` means there."""
    same = [other for other in name_nodes(view.module) if other.value == name.value and other is not name]
    function = view.enclosing_function(name)
    if function is None or view.is_global(name):
        return [other for other in same if view.is_global(other)]
    inside = set(find_all(function, cst.Name))
    return [other for other in same if other in inside]


def line_of(view: ModuleView, node: cst.CSTNode) -> cst.SimpleStatementLine | None:
    """The plain statement that evaluates `node` when it runs; None if a lambda, say, evaluates it later."""
    outer = list(itertools.takewhile(lambda n: not isinstance(n, cst.SimpleStatementLine), view.ancestors(node)))
    lines = [n for n in view.ancestors(node) if isinstance(n, cst.SimpleStatementLine)]
    return lines[0] if lines and not any(isinstance(n, _DELAYED) for n in outer) else None


def only_definition(view: ModuleView, name: cst.Name) -> tuple[cst.SimpleStatementLine, cst.BaseExpression] | None:
    """The assignment `name = …` and its right side, if nothing else names it and it stands before in a block around."""
    others = other_uses(view, name)
    line = line_of(view, others[0]) if len(others) == 1 else None
    value = assigned_value(line) if line is not None else None
    if line is None or value is None or assigned_name(line) != name.value or view.line(line) >= view.line(name):
        return None
    block = next(iter(view.ancestors(line)))
    return (line, value) if block in view.ancestors(name) else None


def constant_string(view: ModuleView, node: cst.BaseExpression) -> str | None:
    """The string that an expression means: a literal, one of `tf.saved_model`'s constants, or a global of either."""
    if isinstance(node, cst.Name):
        node = view.constant(node) or node
    literal = string_value(node)
    return literal if literal is not None else CONSTANTS.get(view.symbol(node) or '')


def required_string(view: ModuleView, node: cst.BaseExpression, what: str) -> str:
    """As `constant_string`.

    Raises:
        Refusal: the string can't be told.
    """
    value = constant_string(view, node)
    if value is None:
        raise Refusal(f'{what} `{" ".join(view.code(node).split())}` is not a string written out here', node)
    return value
