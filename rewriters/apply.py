"""Puts finished changes into a module: replaced statements, classes before the code that uses them, imports."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.added_imports import with_imports
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change

_LAYOUT = (cst.EmptyLine, cst.TrailingWhitespace, cst.BaseParenthesizableWhitespace)


def apply_changes(view: ModuleView, changes: Sequence[Change]) -> cst.Module:
    """The module with every change made.

    Raises:
        RuntimeError: a change found no place; the module must not be written.
    """
    if not changes:
        return view.module
    replacements = {node: new for change in changes for node, new in change.replacements.items()}
    hoists: dict[cst.CSTNode, list[cst.BaseStatement]] = {}
    for change in changes:
        if change.hoisted:
            first = next(iter(change.replacements))
            outermost = [node for node in [first, *view.ancestors(first)] if node is not view.module]
            hoists.setdefault(outermost[-1], []).extend(change.hoisted)
    applier = _Applier(view, replacements, hoists)
    module = view.module.visit(applier)
    if applier.missing():
        raise RuntimeError('a rewritten export found no place in the module')
    after = sorted({line for change in changes for line in change.after_imports})
    return with_imports(module, {line for change in changes for line in change.imports}, after)


class _Applier(cst.CSTTransformer):
    def __init__(
        self,
        view: ModuleView,
        replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
        hoists: dict[cst.CSTNode, list[cst.BaseStatement]],
    ) -> None:
        self._view = view
        self._above = {outer for node in (*replacements, *hoists) for outer in view.ancestors(node)}
        self._replacements = replacements
        self._hoists = hoists
        self._done: set[cst.CSTNode] = set()

    def missing(self) -> bool:
        return bool({*self._replacements, *self._hoists} - self._done)

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Goes only where something is to be replaced: what is below a node that was made anew can't be told."""
        if node in self._replacements or isinstance(node, _LAYOUT):
            return False
        return node in self._above or not self._view.holds(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> object:  # type: ignore[override]
        new = self._replacements.get(original_node)
        if new is None and original_node not in self._hoists:
            return updated_node
        self._done.add(original_node)
        result: list[cst.BaseStatement] = self._visited(new) if new is not None else []
        if isinstance(updated_node, cst.Module | cst.IndentedBlock):
            return updated_node.with_changes(body=result)
        if new is None and isinstance(updated_node, cst.BaseStatement):
            result = [updated_node]
        if isinstance(original_node, cst.With) and result:
            result[0] = _with_blank_lines_of(original_node, result[0])
        hoisted = self._hoists.get(original_node, [])
        return cst.FlattenSentinel([*hoisted, *result]) if hoisted or result else cst.RemoveFromParent()

    def _visited(self, statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """New statements may hold old ones, in which other changes are to be made."""
        result: list[cst.BaseStatement] = []
        for node in statements:
            visited = node.visit(self)
            result += visited if isinstance(visited, cst.FlattenSentinel) else [visited]  # type: ignore[list-item]
        return result


def _with_blank_lines_of(original: cst.With, first: cst.BaseStatement) -> cst.BaseStatement:
    """The first statement in place of a `with`: after at least as many blank lines, then with its own comments."""
    own: Sequence[cst.EmptyLine] = getattr(first, 'leading_lines', ())
    blank = [line for line in original.leading_lines if line.comment is None]
    own_blank = [line for line in own if line.comment is None]
    comments = [line for line in own if line.comment is not None]
    lines = blank if len(blank) >= len(own_blank) else own_blank
    return first.with_changes(leading_lines=[*lines, *comments])
