"""Where a place of a renamed text stood in the source before the names were edited."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence

from rewriters.findings import Place
from rewriters.names import Edit


class Origins:
    """Maps places of the text after edits back to the text before them."""

    def __init__(self, before: str, after: str, edits: Sequence[Edit]) -> None:
        self._texts = before, after
        self._moves: list[tuple[int, int, int]] = []
        """(end after the edit, start before it, end before it) of every edit, in order."""
        shift = 0
        for edit in sorted(set(edits)):
            end = edit.start + shift + len(edit.text)
            self._moves.append((end, edit.start, edit.end))
            shift = end - edit.end

    @functools.cached_property
    def _before(self) -> list[int]:
        return _line_starts(self._texts[0])

    @functools.cached_property
    def _after(self) -> list[int]:
        return _line_starts(self._texts[1])

    def place(self, place: Place) -> Place:
        """The place in the text before the edits."""
        if not self._moves:
            return place
        line, column = self._point(place.line, place.column)
        end_line, end_column = self._point(place.end_line, place.end_column, is_end=True)
        return Place(line, column, end_line, end_column)

    def _point(self, line: int, column: int, is_end: bool = False) -> tuple[int, int]:
        offset = self._origin(self._after[min(line, len(self._after)) - 1] + column - 1, is_end)
        row = bisect.bisect_right(self._before, offset) - 1
        return row + 1, offset - self._before[row] + 1

    def _origin(self, offset: int, is_end: bool) -> int:
        """Offsets inside of replaced text are taken to its start, or to its end if something ends there."""
        shift = 0
        for end, before_start, before_end in self._moves:
            if offset < end:
                is_inside = offset - shift > before_start
                return before_end if is_inside and is_end else min(offset - shift, before_start)
            shift = end - before_end
        return offset - shift


def _line_starts(text: str) -> list[int]:
    starts = [0]
    starts += [newline.end() for newline in re.finditer(r'\r\n|\r|\n', text)]
    return starts
