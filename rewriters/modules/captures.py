"""What a class reads from around it must mean, when the model is saved, what it meant where the statement stood."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import is_plain_package
from rewriters.modules.roles import Role, Roles
from rewriters.mutation import calls_made, mutated
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import declared_names, find_all, free_names, name_nodes, names_used


def check_captures(
    view: ModuleView,
    region: Region,
    roles: Roles,
    moved: Iterable[int],
    extra: Iterable[tuple[cst.CSTNode, int]],
    save_at: int,
) -> None:
    """Refuses where a name that a moved step reads may change between that step and the export.

    `extra` are expressions that moved without their steps, with the index of the step that they stood in.
    """
    local = {s.node.name.value: s.node for s in region.steps if isinstance(s.node, cst.FunctionDef)}
    reach = Reach(view, local)
    first_use: dict[str, int] = {}
    nodes = [*((region.steps[index].node, index) for index in moved), *extra]
    for node, at in nodes:
        for name in reach.reads(frozenset(n.value for n in name_nodes(node))):
            first_use[name] = min(at, first_use.get(name, at))
    for step in region.steps[:save_at]:
        if roles.of[step.index] in (Role.PLAIN, Role.RUN):
            for name in sorted(reach.changes(step.node)):
                if first_use.get(name, step.index) < step.index:
                    raise Refusal(f'`{name}` may change between the graph that reads it and the export', step.node)


class Reach:
    """Follows calls into the functions of one module: what they read of the names around them, and change."""

    def __init__(self, view: ModuleView, local: Mapping[str, cst.FunctionDef]) -> None:
        self._view = view
        self._functions = {**view.functions, **local}

    def reads(self, names: frozenset[str]) -> frozenset[str]:
        """`names`, and what the functions among them read from around themselves."""
        found: set[str] = set()
        todo = [*names]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += free_names(self._functions[name]) if name in self._functions else ()
        return frozenset(found)

    def changes(self, node: cst.CSTNode) -> frozenset[str]:
        """The names that running `node` may bind anew, or whose objects it may change."""
        return names_used(node)[1] | mutated(self._view, node) | self._through_calls(node, frozenset())

    def _through_calls(self, node: cst.CSTNode, within: frozenset[str]) -> frozenset[str]:
        changed: set[str] = set()
        for call in calls_made(node):
            name = call.func.value if isinstance(call.func, cst.Name) else ''
            if name in within:
                continue
            if name in self._functions:
                changed |= self._by_function(call, self._functions[name], within | {name})
            elif self._is_unknown(call):
                changed.update(a.value.value for a in call.args if isinstance(a.value, cst.Name))
        return frozenset(changed)

    def _by_function(self, call: cst.Call, function: cst.FunctionDef, within: frozenset[str]) -> frozenset[str]:
        parameters = [p.name.value for p in find_all(function.params, cst.Param) if isinstance(p, cst.Param)]
        inside = mutated(self._view, function.body) | self._through_calls(function.body, within)
        changed = inside & free_names(function) | (names_used(function.body)[1] & declared_names(function))
        for position, argument in enumerate(call.args):
            keyword = argument.keyword.value if argument.keyword is not None else None
            parameter = keyword or (parameters[position] if position < len(parameters) else None)
            if isinstance(argument.value, cst.Name) and (parameter is None or parameter in inside or argument.star):
                changed |= {argument.value.value}
        return changed

    def _is_unknown(self, call: cst.Call) -> bool:
        """Whether the call runs code that is neither in this module, nor Python's, nor TensorFlow's."""
        if isinstance(call.func, cst.Name) and hasattr(builtins, call.func.value):
            return False
        imported = self._view.imported(call.func)
        return imported is not None and not imported.startswith('tensorflow.') and not is_plain_package(imported)
