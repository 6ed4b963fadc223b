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
        self._closing: list[cst.SimpleStatementLine] = []
        self._items: list[cst.WithItem] = []
        self._added: dict[cst.CSTNode, list[cst.BaseStatement]] = {}

    def replace(self, node: cst.CSTNode, edit: Edit) -> None:
        """Has `node` replaced by what `edit` makes of it, after the edits below it."""
        self._expressions[node] = edit

    def drop(self, node: cst.SimpleStatementLine, is_closing: bool = False) -> None:
        """Has a statement removed. The comments of a closing one go with it where nothing follows to take them."""
        self._dropped.append(node)
        if is_closing:
            self._closing.append(node)

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
            # A copy: what replaces a statement is looked through for other statements to replace.
            replacements.setdefault(node, (cst.ensure_type(node, cst.SimpleStatementLine).with_changes(), *added))
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
                is_elif = isinstance(next(self._view.ancestors(outer)), cst.If)
                if any(previous is part for part in _header(outer)) and not is_elif:
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
        # Comments of what stood before may have been handed on to it.
        current = cst.ensure_type(next(iter(replacements.get(with_, (with_,)))), cst.With)
        kept = [item for item in with_.items if item not in self._items]
        if kept:
            if current.items is not with_.items:
                raise Refusal('a `with` opens the session and runs it', with_)
            last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            return (current.with_changes(items=[*kept[:-1], last]),)
        if not isinstance(with_.body, cst.IndentedBlock):
            raise Refusal('the session is opened and run in one line', with_)
        # Expanded here, and not left to be replaced in their turn: the block that they stand in goes away.
        body = [new for node in with_.body.body for new in replacements.pop(node, (node,))]
        notes, ending = _comments_around(current)
        if self._following(with_, replacements) is None:
            notes += ending
        elif ending:
            self._give(with_, ending, replacements)
        if body:
            lines = [*(line for line in current.leading_lines if line.comment is None), *notes]
            return (with_leading(_without_blank_lines(body[0]), lines), *body[1:])
        if notes:
            self._give(with_, notes, replacements)
        return ()

    def _following(
        self, node: cst.BaseStatement, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]
    ) -> cst.BaseStatement | None:
        """The first statement after `node` that stays."""
        following = self._view.next_statement(node)
        while following is not None and replacements.get(following, (following,)) == ():
            following = self._view.next_statement(following)
        return following

    def _give(
        self,
        node: cst.BaseStatement,
        lines: Sequence[cst.EmptyLine],
        replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
    ) -> None:
        """Puts lines before the first statement after `node` that stays."""
        following = self._following(node, replacements)
        if following is None:
            raise Refusal('a comment of the session would have no place any more', node)
        first, *rest = replacements.get(following, (following,))
        replacements[following] = (with_leading(first, lines), *rest)

    def _keep_comments(self, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> None:
        """Hands on the comments of dropped statements, and the blank line that set them apart from what was before."""
        for node in sorted(self._dropped, key=self._view.line, reverse=True):
            notes = comments(node)
            blank = [line for line in node.leading_lines if line.comment is None]
            following = self._following(node, replacements)
            if notes and (following is not None or node not in self._closing):
                self._give(node, [*blank, *notes], replacements)
            elif blank and following is not None:
                first = next(iter(replacements.get(following, (following,))))
                if not _starts_blank(first):
                    self._give(node, blank, replacements)

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


def _comments_around(with_: cst.With) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The comments of a `with` before its body, and those after it."""
    lines = header_comments(with_)
    footer = with_.body.footer if isinstance(with_.body, cst.IndentedBlock) else ()
    count = sum(len(comments(line)) for line in footer)
    return lines[: len(lines) - count], lines[len(lines) - count :]


def _starts_blank(node: cst.BaseStatement) -> bool:
    lines: Sequence[cst.EmptyLine] = getattr(node, 'leading_lines', ())
    return bool(lines) and lines[0].comment is None


def _without_blank_lines(node: cst.BaseStatement) -> cst.BaseStatement:
    lines: Sequence[cst.EmptyLine] = getattr(node, 'leading_lines', ())
    return node.with_changes(leading_lines=[line for line in lines if line.comment is not None])


class _Editor(cst.CSTTransformer):
    def __init__(self, edits: dict[cst.CSTNode, Edit]) -> None:
        self._edits = edits

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        edit = self._edits.get(original_node)
        return edit(updated_node) if edit is not None else updated_node
