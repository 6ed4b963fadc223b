"""Code around a region that runs after it, or whenever it is called, must not need a name that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import find_all, free_names, name_nodes, names_used

_Body = cst.Module | cst.IndentedBlock


def check_afterwards(view: ModuleView, region: Region, gone: frozenset[str]) -> None:
    """Refuses where a name in `gone` is read before it is bound again.

    Raises:
        Refusal: names the name.
    """
    function = view.enclosing_function(region.root)
    scope: cst.CSTNode = view.module if function is None else function
    for later in _run_later(view, region, scope):
        names = free_names(later) if isinstance(later, cst.FunctionDef) else {n.value for n in name_nodes(later)}
        _require_none(gone & names, later)
    pending = set(gone)
    for statements, is_certain in _after(view, region.root, scope):
        _scan(statements, pending if is_certain else set(pending))


def _run_later(view: ModuleView, region: Region, scope: cst.CSTNode) -> list[cst.CSTNode]:
    """The functions and lambdas right in the scope, but for those that hold the region or stand in it."""
    inside = {*find_all(region.root, (cst.FunctionDef, cst.Lambda)), *view.ancestors(region.root)}
    found = find_all(scope, (cst.FunctionDef, cst.Lambda))
    owner = scope if isinstance(scope, cst.FunctionDef) else None
    return [f for f in found if f not in inside and f is not owner and view.enclosing_function(f) is owner]


def _after(view: ModuleView, node: cst.CSTNode, scope: cst.CSTNode) -> Iterator[tuple[Sequence[cst.CSTNode], bool]]:
    """The stretches of statements that may run after `node`, up to the end of the scope; a loop comes round again.

    Each with whether it runs for certain.
    """
    for outer in view.ancestors(node):
        if outer is scope and not isinstance(outer, cst.Module):
            return
        if isinstance(outer, cst.Module | cst.IndentedBlock):
            at = [position for position, statement in enumerate(outer.body) if statement is node]
            yield from [(outer.body[at[0] + 1 :], True)] if at else []
        elif isinstance(outer, cst.For | cst.While):
            yield _statements(outer.body), False
            yield _statements(outer.orelse), False
        elif isinstance(outer, cst.Try | cst.TryStar):
            for part in [*outer.handlers, outer.orelse, outer.finalbody]:
                yield _statements(part), False
        node = outer


def _statements(part: cst.CSTNode | None) -> Sequence[cst.CSTNode]:
    body = part if part is None or isinstance(part, cst.BaseSuite) else getattr(part, 'body', None)
    return body.body if isinstance(body, cst.IndentedBlock) else [body] if body is not None else []


def _scan(statements: Sequence[cst.CSTNode], pending: set[str]) -> None:
    """Goes through statements in order; what they bind for certain is `pending` no longer."""
    for statement in statements:
        if isinstance(statement, cst.With):
            for item in statement.items:
                reads, binds = names_used(item)
                _require_none(pending & reads, item)
                pending -= binds
            _scan(_statements(statement.body), pending)
        elif isinstance(statement, cst.If | cst.While):
            _require_none(pending & names_used(statement.test)[0], statement.test)
            _scan_branches([statement.body, statement.orelse], pending, frozenset())
        elif isinstance(statement, cst.For):
            _require_none(pending & names_used(statement.iter)[0], statement.iter)
            _scan_branches([statement.body, statement.orelse], pending, names_used(statement.target)[0])
        elif isinstance(statement, cst.Try | cst.TryStar):
            parts = [statement.body, *statement.handlers, statement.orelse, statement.finalbody]
            _scan_branches(parts, pending, frozenset())
        else:
            reads, binds = names_used(statement)
            _require_none(pending & (reads if not isinstance(statement, cst.FunctionDef) else frozenset()), statement)
            pending -= binds


def _scan_branches(parts: Sequence[cst.CSTNode | None], pending: set[str], bound: frozenset[str]) -> None:
    """Branches may not run, so that what they bind stays pending after them."""
    for part in parts:
        if isinstance(part, cst.If):
            _scan([part], set(pending))
        else:
            _scan(_statements(part), pending - bound)


def _require_none(names: set[str] | frozenset[str], node: cst.CSTNode) -> None:
    for name in sorted(names):
        raise Refusal(f'`{name}` is used outside of the export', node)
