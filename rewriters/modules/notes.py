"""Comments of statements that are taken apart: each goes where its part goes, or becomes a line of its own."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from rewriters.syntax import find_all


def notes_of(node: cst.CSTNode, elsewhere: Iterable[cst.CSTNode]) -> list[cst.EmptyLine]:
    """The comments at or below `node` that are not written with the nodes elsewhere, each as a line of its own."""
    written = {comment for other in elsewhere for comment in find_all(other, cst.Comment)}
    found = [comment for comment in find_all(node, cst.Comment) if comment not in written]
    return [cst.EmptyLine(comment=cst.Comment(c.value)) for c in found if isinstance(c, cst.Comment)]


def blank_lines(node: cst.CSTNode) -> list[cst.EmptyLine]:
    """The blank lines before a statement."""
    return [line for line in getattr(node, 'leading_lines', ()) if line.comment is None]
