"""Whether edits leave a module as whole as it was, told by the edits alone: parsing it again takes far longer."""

from __future__ import annotations

import ast
import functools
import keyword
import re
from collections.abc import Iterable, Sequence

from rewriters.names.places import Edit, Locator

_ATTRIBUTE = re.compile(r'[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+', re.ASCII)


def are_harmless(edits: Iterable[Edit], source: str, body: Sequence[ast.stmt]) -> bool:
    """Whether each edit puts an attribute in the place of another, or lines between two top-level statements.

    `body` are the statements of `source`. False says nothing: then the new source is to be parsed.
    """
    others = [edit for edit in edits if not (_is_attribute(edit.text) and _is_attribute(source[edit.start : edit.end]))]
    if not others:
        return True
    gaps = _gaps(source, body)
    return all(edit.start == edit.end and edit.start in gaps and _are_lines(edit.text) for edit in others)


def _is_attribute(text: str) -> bool:
    return _ATTRIBUTE.fullmatch(text) is not None and not any(map(keyword.iskeyword, text.split('.')))


def _gaps(source: str, body: Sequence[ast.stmt]) -> set[int]:
    """The ends of lines in which a top-level statement ends and no other begins, below all `__future__` imports."""
    locator = Locator(source)
    futures = [n for n, node in enumerate(body) if isinstance(node, ast.ImportFrom) and node.module == '__future__']
    below = body[futures[-1] :] if futures else body
    following = [node.lineno for node in below[1:]]
    ends = [node.end_lineno or node.lineno for node in below]
    return {locator.line_end(end) for end, start in zip(ends, [*following, ends[-1] + 1], strict=True) if start > end}


@functools.cache
def _are_lines(text: str) -> bool:
    """Whether a text that follows the end of a line begins with a new one, and holds whole statements."""
    try:
        return text.startswith(('\n', '\r')) and bool(ast.parse(text).body)
    except SyntaxError:
        return False
