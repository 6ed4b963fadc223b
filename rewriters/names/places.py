"""Places in source text: from the parser's byte columns to character offsets, and edits of text at offsets."""

from __future__ import annotations

import ast
import bisect
import functools
import io
import itertools
import re
from collections.abc import Iterable
from typing import NamedTuple

from rewriters.findings import Place

_LINE = re.compile(r'[^\r\n]*(?:\r\n|\r|\n|\Z)')


class Edit(NamedTuple):
    """Replaces the characters from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """The source with all edits made; every other character stays.

    Raises:
        ValueError: two edits overlap.
    """
    parts = []
    done = 0
    for edit in sorted(set(edits)):
        if edit.start < done:
            raise ValueError(f'edits overlap at offset {edit.start}')
        parts += [source[done : edit.start], edit.text]
        done = edit.end
    return ''.join([*parts, source[done:]])


class Locator:
    """Finds the characters of a syntax node."""

    def __init__(self, source: str) -> None:
        self.source = source

    @functools.cached_property
    def _lines(self) -> list[str]:
        return _lines(self.source)

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [0, *itertools.accumulate(map(len, self._lines))]

    @functools.cached_property
    def newline(self) -> str:
        """What ends the lines of the source, or most likely would."""
        return '\r\n' if '\r\n' in self.source else '\n' if '\n' in self.source or '\r' not in self.source else '\r'

    def line_end(self, line: int) -> int:
        """Where the line ends, before its newline."""
        return self._starts[line - 1] + len(self._lines[line - 1].rstrip('\r\n'))

    def offset(self, line: int, column: int) -> int:
        """The offset of the parser's position: line from 1, column in bytes of UTF-8."""
        if not 0 < line <= len(self._lines):
            return len(self.source)
        return self._starts[line - 1] + self._characters(line, column)

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> tuple[int, int]:
        """Where the node starts and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def place(self, node: ast.expr | ast.stmt | ast.alias) -> Place:
        """The node's place for a finding."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Place(node.lineno, self.column(node) + 1, end_line, self._characters(end_line, end_column) + 1)

    def column(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """The column in which the node starts, from 0."""
        return self._characters(node.lineno, node.col_offset)

    def place_at(self, offset: int, length: int) -> Place:
        """The place of characters that stand in one line."""
        line = bisect.bisect_right(self._starts, offset, hi=len(self._lines))
        column = offset - self._starts[line - 1] + 1
        return Place(line, column, line, column + length)

    def _characters(self, line: int, column: int) -> int:
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ''
        if text.isascii():
            return column
        return len(text.encode('utf-8', 'surrogatepass')[:column].decode('utf-8', 'surrogatepass'))


@functools.lru_cache(maxsize=2)  # several rooms ask for those of the same file, as it was and as it is renamed
def _lines(source: str) -> list[str]:
    if '\r' in source:
        return _LINE.findall(source)
    return [*io.StringIO(source, newline='\n'), '']
