"""Edits of single expressions and statements, turned into replacements of whole statements with comments kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.serving import with_leading
from rewriters.refusal import Refusal
from rewriters.region import header_comments
from rewriters.syntax import comments, statement

_HEADERS = ('test', 'iter', 'items')

Edit = Callable[[cst.CSTNode], cst.CSTNode]


class Edits:
    """Collects edits of one module, then gives the replacements."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view
        self._expressions: dict[cst.CSTNode, Edit] = {}
        self._dropped: list[cst.SimpleStatementLine] = []
        self._items: list[cst.WithItem] = []
        self._added: dict[cst.CSTNode, list[cst.BaseStatement]] = {}

    def replace(self, node: cst.CSTNode, edit: Edit) -> None:
        """Has `node` replaced by what `edit` makes of it, after the edits below it."""
        self._expressions[node] = edit

    def drop(self, node: cst.SimpleStatementLine) -> None:
        """Has a statement removed."""
        self._dropped.append(node)

    def drop_item(self, item: cst.WithItem) -> None:
        """Has an item of a `with` removed; without any, the statements inside stand alone."""
        self._items.append(item)

    def add_after(self, node: cst.CSTNode, added: cst.BaseStatement) -> None:
        """Puts a statement after another."""
        self._added.setdefault(node, []).append(added)

    def finish(self) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
        """What replaces each statement that is touched.

        Raises:
            Refusal: an expression stands where it can't be replaced.
        """
        replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {}
        for changed in dict.fromkeys(self._statement(expression) for expression in self._expressions):
            if changed not in self._dropped:
                replacements[changed] = (self._edited(changed), *self._added.get(changed, ()))
        for node, added in self._added.items():
            replacements.setdefault(node, (cst.ensure_type(node, cst.SimpleStatementLine), *added))
        for dropped in self._dropped:
            replacements[dropped] = ()
        self._keep_comments(replacements)
        withs = dict.fromkeys(self._with(item) for item in self._items)
        for with_ in sorted(withs, key=self._view.line, reverse=True):
            replacements[with_] = self._without_items(with_, replacements)
        self._fill_empty(replacements)
        return dict(sorted(replacements.items(), key=lambda item: self._view.line(item[0])))

    def _statement(self, node: cst.CSTNode) -> cst.BaseStatement:
        previous = node
        for outer in self._view.ancestors(node):
            if isinstance(outer, cst.SimpleStatementSuite):
                break
            if isinstance(outer, cst.SimpleStatementLine):
                return outer
            if isinstance(outer, cst.If | cst.While | cst.For | cst.With):
                if any(previous is part for part in _header(outer)):
                    return outer
                break
            if isinstance(outer, cst.FunctionDef | cst.ClassDef | cst.IndentedBlock):
                break
            previous = outer
        raise Refusal('a part of the loaded model is used in a place where it can\'t be rewritten', node)

    def _edited(self, node: cst.BaseStatement) -> cst.BaseStatement:
        editor = _Editor(self._expressions)
        if isinstance(node, cst.SimpleStatementLine):
            return cst.ensure_type(node.visit(editor), cst.SimpleStatementLine)
        changes: dict[str, object] = {}
        for name in _HEADERS:
            value = getattr(node, name, None)
            if isinstance(value, cst.CSTNode):
                changes[name] = value.visit(editor)
            elif value is not None:
                changes[name] = [item.visit(editor) for item in value]
        return node.with_changes(**changes)

    def _with(self, item: cst.WithItem) -> cst.With:
        return cst.ensure_type(next(self._view.ancestors(item)), cst.With)

    def _without_items(
        self, with_: cst.With, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]
    ) -> tuple[cst.BaseStatement, ...]:
        kept = [item for item in with_.items if item not in self._items]
        if kept:
            if with_ in replacements:
                raise Refusal('a `with` opens the session and runs it', with_)
            last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            return (with_.with_changes(items=[*kept[:-1], last]),)
        if not isinstance(with_.body, cst.IndentedBlock):
            raise Refusal('the session is opened and run in one line', with_)
        # Expanded here, and not left to be replaced in their turn: the block that they stand in goes away.
        body = [new for node in with_.body.body for new in replacements.pop(node, (node,))]
        notes = header_comments(with_)
        if body:
            lines = [*(line for line in with_.leading_lines if line.comment is None), *notes]
            return (with_leading(_without_blank_lines(body[0]), lines), *body[1:])
        if notes:
            self._give(with_, notes, replacements)
        return ()

    def _give(
        self,
        node: cst.BaseStatement,
        lines: Sequence[cst.EmptyLine],
        replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
    ) -> None:
        """Puts lines before the first statement after `node` that stays."""
        following = self._view.next_statement(node)
        while following is not None and replacements.get(following, (following,)) == ():
            following = self._view.next_statement(following)
        if following is None:
            raise Refusal('a comment of the session would have no place any more', node)
        first, *rest = replacements.get(following, (following,))
        replacements[following] = (with_leading(first, lines), *rest)

    def _keep_comments(self, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> None:
        for node in reversed(self._dropped):
            notes = comments(node)
            if notes:
                blank = [line for line in node.leading_lines if line.comment is None]
                self._give(node, [*blank, *notes], replacements)

    def _fill_empty(self, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> None:
        """A block of which nothing is left gets a `pass`."""
        for node in [node for node, new in replacements.items() if not new]:
            block = next(self._view.ancestors(node))
            body = block.body if isinstance(block, cst.IndentedBlock) else ()
            if body and all(replacements.get(other, (other,)) == () for other in body):
                replacements[node] = (statement('pass\n'),)


def _header(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of a compound statement's first line that can be replaced without touching its body."""
    parts: list[cst.CSTNode] = []
    for name in _HEADERS:
        value = getattr(node, name, None)
        parts += [value] if isinstance(value, cst.CSTNode) else list(value or ())
    return parts


def _without_blank_lines(node: cst.BaseStatement) -> cst.BaseStatement:
    lines = getattr(node, 'leading_lines', ())
    return node.with_changes(leading_lines=[line for line in lines if line.comment is not None])


class _Editor(cst.CSTTransformer):
    def __init__(self, edits: dict[cst.CSTNode, Edit]) -> None:
        self._edits = edits

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        edit = self._edits.get(original_node)
        return edit(updated_node) if edit is not None else updated_node
