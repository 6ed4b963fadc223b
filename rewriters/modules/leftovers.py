"""What stays of a region after its graph has moved into a class: nothing that stays may need what is gone."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.afterwards import check_afterwards
from rewriters.modules.functions import is_plain_package
from rewriters.modules.roles import Role, Roles
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import find_all, free_names, names_used, one_line

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
    check_afterwards(view, region, frozenset(gone))


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


def _shortened(node: cst.CSTNode) -> str:
    text = one_line(node)
    return text if len(text) <= 60 else text[:57] + '…'
