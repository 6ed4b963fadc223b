"""What stays of a region after its graph has moved into a class: nothing that stays may need what is gone."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import is_plain_package
from rewriters.modules.roles import Role, Roles
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import find_all, free_names, name_nodes, names_used, one_line

KEPT = (Role.PLAIN, Role.RUN)


def check_leftovers(view: ModuleView, region: Region, roles: Roles, moved: frozenset[int]) -> None:
    """Refuses where a tensor is built that nothing serves, or where a name that goes away is still needed.

    Reads of kept session runs are not looked at: these are rewritten, or refused, on their own.
    """
    gone = set(region.sessions | region.graphs)
    for step in region.steps:
        if roles.of[step.index] is Role.GRAPH and step.index not in moved:
            raise Refusal(f'`{_shortened(step.node)}` builds graph that no signature serves', step.node)
        if roles.of[step.index] not in KEPT:
            gone |= step.binds
    for step in region.steps:
        if roles.of[step.index] is Role.PLAIN:
            _check_plain(step, region, roles)
    _check_outside(view, region, frozenset(gone))


def check_values(view: ModuleView, region: Region, roles: Roles, makers: Iterable[Step], save_at: int) -> None:
    """Refuses where code of other files runs while variables have values in a session: it may change them."""
    first = min((step.index for step in makers), default=save_at)
    for step in region.steps[first:save_at]:
        calls = [call for call in find_all(step.node, cst.Call) if isinstance(call, cst.Call)]
        for call in calls if roles.of[step.index] is Role.PLAIN else []:
            imported = view.imported(call.func)
            if imported is not None and not imported.startswith('tensorflow.') and not is_plain_package(imported):
                raise Refusal(f'`{one_line(call.func)}` may change variables: it is not in this file', call)


def _check_plain(step: Step, region: Region, roles: Roles) -> None:
    evaluated = step.reads
    if isinstance(step.node, cst.FunctionDef):
        _check_function(step.node, region, roles)
        body = step.node.body
        evaluated = names_used(step.node.with_changes(body=body.with_changes(body=[])))[0]
    for name in sorted(evaluated):
        source = region.reaching(name, step.index)
        vanishes = name in region.sessions | region.graphs if source is None else roles.of[source.index] not in KEPT
        if vanishes:
            raise Refusal(f'`{name}` is used by code that is no part of the export', step.node)


def _check_function(function: cst.FunctionDef, region: Region, roles: Roles) -> None:
    """A function reads the names around it when it runs, which may be after their binding."""
    for step in region.steps:
        for name in sorted(free_names(function) & step.binds):
            if roles.of[step.index] not in KEPT:
                raise Refusal(f'`{function.name.value}` reads `{name}`, which goes into the class', function)


def _check_outside(view: ModuleView, region: Region, gone: frozenset[str]) -> None:
    """Code after or around the region must not read a name that is gone, unless it binds it again before."""
    inside = set(name_nodes(region.root))
    function = view.enclosing_function(region.root)
    scope: cst.CSTNode = view.module if function is None else function
    end = view.range(region.root).end.line
    rebound: dict[str, int] = {}
    for statement in find_all(scope, cst.SimpleStatementLine):
        line = view.line(statement)
        for name in names_used(statement)[1]:
            if line > end:
                rebound.setdefault(name, line)
    for with_ in find_all(scope, cst.With):
        for name in _bound_by_items(with_):
            if view.line(with_) > end:
                rebound[name] = min(rebound.get(name, view.line(with_)), view.line(with_))
    for node in name_nodes(scope):
        if node.value in gone and node not in inside and _is_needed(view, region, node, rebound, end):
            raise Refusal(f'`{node.value}` is used outside of the export', node)


def _bound_by_items(node: cst.CSTNode) -> list[str]:
    items = node.items if isinstance(node, cst.With) else ()
    return [i.asname.name.value for i in items if i.asname is not None and isinstance(i.asname.name, cst.Name)]


def _is_needed(view: ModuleView, region: Region, name: cst.Name, rebound: dict[str, int], end: int) -> bool:
    """Whether `name`, read outside of the region, may mean what the region bound."""
    if _is_bound_by_own_function(view, region, name):
        return False
    line = view.line(name)
    runs_later = view.enclosing_function(name) is not view.enclosing_function(region.root)
    return runs_later or (line > end and rebound.get(name.value, line + 1) > line)


def _is_bound_by_own_function(view: ModuleView, region: Region, name: cst.Name) -> bool:
    """Whether a function between the name and the region's scope has a local of that name."""
    scope = view.enclosing_function(region.root)
    for outer in view.ancestors(name):
        if outer is scope:
            return False
        if isinstance(outer, cst.FunctionDef):
            parameters = [p.name.value for p in find_all(outer.params, cst.Param) if isinstance(p, cst.Param)]
            if name.value in parameters or name.value in names_used(outer.body)[1]:
                return True
        if isinstance(outer, cst.Lambda):
            parameters = [p.name.value for p in find_all(outer.params, cst.Param) if isinstance(p, cst.Param)]
            if name.value in parameters:
                return True
    return False


def _shortened(node: cst.CSTNode) -> str:
    text = one_line(node)
    return text if len(text) <= 60 else text[:57] + '…'
