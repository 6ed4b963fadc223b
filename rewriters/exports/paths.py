"""Where a call stands among the branches and loops of its function, and what is known to hold there."""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import code, dotted_name, find_all, names_used, one_line, only_small_statement

Path = tuple[tuple[cst.CSTNode, str], ...]
"""The compound statements around a node, outermost first, each with the part of it that the node stands in."""

_BRANCHING = (cst.If, cst.For, cst.While, cst.Try)


def statement_of(view: ModuleView, node: cst.CSTNode) -> cst.SimpleStatementLine:
    """The line that a node stands in.

    Raises:
        Refusal: it stands in the head of a compound statement, or in a function of its own.
    """
    for outer in view.ancestors(node):
        if isinstance(outer, cst.SimpleStatementLine):
            return outer
        if isinstance(outer, cst.Lambda):
            break
    raise Refusal('the call is no statement of its own', node)


def own_statement(view: ModuleView, call: cst.Call) -> cst.SimpleStatementLine:
    """The statement that is just this call."""
    statement = statement_of(view, call)
    small = only_small_statement(statement)
    if not isinstance(small, cst.Expr) or small.value is not call:
        raise Refusal(f'`{one_line(call.func)}(…)` is no statement of its own', call)
    return statement


def path_to(view: ModuleView, node: cst.CSTNode) -> Path:
    """The branches and loops around a node, up to its function."""
    path: list[tuple[cst.CSTNode, str]] = []
    inner = node
    for outer in view.ancestors(node):
        if isinstance(outer, cst.FunctionDef | cst.ClassDef):
            break
        if isinstance(outer, _BRANCHING):
            path.append((outer, _part(outer, inner)))
        inner = outer
    return tuple(reversed(path))


def blocks(view: ModuleView, node: cst.CSTNode) -> list[cst.CSTNode]:
    """The bodies around a node, innermost first."""
    return [outer for outer in view.ancestors(node) if isinstance(outer, cst.IndentedBlock | cst.Module)]


def loops(view: ModuleView, node: cst.CSTNode) -> list[cst.CSTNode]:
    """The loops around a node, innermost first."""
    return [outer for outer in view.ancestors(node) if isinstance(outer, cst.For | cst.While)]


def runs_with(view: ModuleView, node: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether `node` is always reached where `other` is, as far as branches tell: exceptions and returns aside."""
    path, given = path_to(view, node), path_to(view, other)
    known = _known(view, given)
    for place in path:
        statement, part = place
        if place in given or (isinstance(statement, cst.Try) and part in ('body', 'finalbody')):
            continue
        wanted = _implied(statement.test, part == 'body') if isinstance(statement, cst.If) else set()
        if not wanted or not wanted <= known:
            return False
    return True


def excludes(view: ModuleView, node: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether the two stand in different branches of one `if`."""
    parts = {id(statement): part for statement, part in path_to(view, node) if isinstance(statement, cst.If)}
    return any(parts.get(id(s), part) != part for s, part in path_to(view, other) if isinstance(s, cst.If))


def _part(outer: cst.CSTNode, inner: cst.CSTNode) -> str:
    names = ('body', 'orelse', 'finalbody')
    return next((name for name in names if getattr(outer, name, None) is inner), type(inner).__name__)


def _known(view: ModuleView, path: Path) -> set[tuple[str, bool]]:
    """The conditions whose value is known at a place, of those that nothing in the function can change."""
    known: set[tuple[str, bool]] = set()
    for statement, part in path:
        if isinstance(statement, cst.If) and _stays(view, statement, statement.test):
            known |= _implied(statement.test, part == 'body')
    return known


def _implied(test: cst.BaseExpression, holds: bool) -> set[tuple[str, bool]]:
    """What follows from the value of a condition: `not a` and `not b` where `a or b` is false."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _implied(test.expression, not holds)
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And if holds else cst.Or):
        return _implied(test.left, holds) | _implied(test.right, holds)
    return {(code(test), holds)}


def _stays(view: ModuleView, statement: cst.If, test: cst.BaseExpression) -> bool:
    """Whether a condition is made of names that get their values before the `if`, and that no call can change."""
    if find_all(test, (cst.Call, cst.Subscript, cst.Await, cst.NamedExpr)):
        return False
    scope = view.enclosing_function(statement) or view.module
    read = {(dotted_name(node) or '').partition('.')[0] for node in find_all(test, (cst.Name, cst.Attribute))}
    declared = {cst.ensure_type(item, cst.NameItem).name.value for item in view.find_all(cst.NameItem)}
    if read & {'self', 'cls', *declared}:
        return False
    lines = find_all(scope, (cst.SimpleStatementLine, cst.For, cst.With, cst.ExceptHandler))
    late = [line for line in lines if view.line(line) > view.line(statement)]
    return not any(read & names_used(line)[1] for line in late)
