"""Two texts as a side-by-side diff, as in a code review, and the same diff in unified form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from migrate.report.diff_lines import Piece, align, common_start, pieces_of_pair
from migrate.report.text import split_ending, split_lines

CONTEXT = 3
_LEAST_FOLD = 3
"""Fewer unchanged lines than this are shown: a fold in their place would take as much room."""

_NO_NEWLINE = 'no newline at end of file'
_ENDING_NAMES = {'\n': 'LF', '\r\n': 'CRLF', '\r': 'CR'}


@dataclass(frozen=True)
class Line:
    """One line of one side. `note` says what the text can't show: how the line ends, where that matters."""

    number: int
    pieces: tuple[Piece, ...]
    ending: str
    note: str = ''

    @property
    def text(self) -> str:
        return ''.join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Row:
    """Two lines side by side; one of them is None where the other side has no such line."""

    old: Line | None
    new: Line | None


@dataclass(frozen=True)
class Block:
    """Consecutive rows that are all changed or all unchanged. A folded block is too far from a change to show."""

    changed: bool
    rows: tuple[Row, ...]
    folded: bool = False

    @property
    def old_lines(self) -> tuple[Line, ...]:
        return tuple(row.old for row in self.rows if row.old)

    @property
    def new_lines(self) -> tuple[Line, ...]:
        return tuple(row.new for row in self.rows if row.new)


def side_by_side(before: str, after: str, context: int = CONTEXT) -> tuple[Block, ...]:
    """The whole of both texts as blocks of rows; nothing where the texts are the same."""
    if before == after:
        return ()
    old, new = split_lines(before), split_lines(after)
    blocks: list[Block] = []
    for changed, old_range, new_range in _stretches(old, new):
        if changed:
            blocks.append(Block(True, tuple(_changed_rows(old, new, old_range, new_range))))
        else:
            blocks.append(Block(False, tuple(_same_row(old, i, j) for i, j in zip(old_range, new_range, strict=True))))
    return tuple(_folded(blocks, context))


def line_counts(blocks: Iterable[Block]) -> tuple[int, int]:
    """How many lines a diff adds and removes."""
    changed = [block for block in blocks if block.changed]
    return sum(len(block.new_lines) for block in changed), sum(len(block.old_lines) for block in changed)


def unified(before: str, after: str, path: str, context: int = CONTEXT) -> str:
    """The diff as `patch` takes it; empty where the texts are the same."""
    blocks = side_by_side(before, after, context)
    hunks = [tuple(hunk) for folded, hunk in groupby(blocks, key=lambda block: block.folded) if not folded]
    return f'--- a/{path}\n+++ b/{path}\n' + ''.join(map(_hunk, hunks)) if hunks else ''


def _stretches(old: list[str], new: list[str]) -> list[tuple[bool, range, range]]:
    """(changed, lines of the old text, lines of the new text), in order."""
    start = common_start(old, new)
    end = common_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    matcher = SequenceMatcher(None, old[start:old_end], new[start:new_end], autojunk=False)
    stretches = [(False, range(start), range(start))]
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        stretches.append((tag != 'equal', range(start + i, start + i_end), range(start + j, start + j_end)))
    stretches.append((False, range(old_end, len(old)), range(new_end, len(new))))
    return _merged([stretch for stretch in stretches if stretch[1] or stretch[2]], old)


def _merged(stretches: list[tuple[bool, range, range]], old: list[str]) -> list[tuple[bool, range, range]]:
    """Takes blank lines between two changes into the change: a blank line that "stayed" tears a rewrite in two."""
    merged: list[tuple[bool, range, range]] = []
    for position, (changed, old_range, new_range) in enumerate(stretches):
        inside = 0 < position < len(stretches) - 1
        changed = changed or (inside and not any(old[i].strip() for i in old_range))
        if merged and merged[-1][0] == changed:
            _, old_before, new_before = merged.pop()
            old_range = range(old_before.start, old_range.stop)
            new_range = range(new_before.start, new_range.stop)
        merged.append((changed, old_range, new_range))
    return merged


def _same_row(old: list[str], i: int, j: int) -> Row:
    text, ending = split_ending(old[i])
    pieces = (Piece(text, False),)
    note = '' if ending else _NO_NEWLINE
    return Row(Line(i + 1, pieces, ending, note), Line(j + 1, pieces, ending, note))


def _changed_rows(old: list[str], new: list[str], old_range: range, new_range: range) -> Iterator[Row]:
    """Similar lines beside each other with their words compared; what stands between them just side by side."""
    anchors = align([old[i] for i in old_range], [new[j] for j in new_range])
    i, j = old_range.start, new_range.start
    for old_offset, new_offset in [*anchors, (len(old_range), len(new_range))]:
        next_i, next_j = old_range.start + old_offset, new_range.start + new_offset
        for k, m in zip_longest(range(i, next_i), range(j, next_j)):
            yield Row(_lone_line(old, k), _lone_line(new, m))
        if next_i < old_range.stop and next_j < new_range.stop:
            yield _paired_row(old, new, next_i, next_j)
        i, j = next_i + 1, next_j + 1


def _lone_line(lines: list[str], index: int | None) -> Line | None:
    if index is None:
        return None
    text, ending = split_ending(lines[index])
    return Line(index + 1, (Piece(text, False),), ending, '' if ending else _NO_NEWLINE)


def _paired_row(old: list[str], new: list[str], i: int, j: int) -> Row:
    (old_text, old_ending), (new_text, new_ending) = split_ending(old[i]), split_ending(new[j])
    old_pieces, new_pieces = pieces_of_pair(old_text, new_text)
    old_note, new_note = _ending_notes(old_ending, new_ending)
    return Row(Line(i + 1, old_pieces, old_ending, old_note), Line(j + 1, new_pieces, new_ending, new_note))


def _ending_notes(old: str, new: str) -> tuple[str, str]:
    """How two lines end, as far as a reader should know: a missing newline, or line ends of two kinds."""
    if not old or not new:
        return '' if old else _NO_NEWLINE, '' if new else _NO_NEWLINE
    return ('', '') if old == new else (_ENDING_NAMES[old], _ENDING_NAMES[new])


def _folded(blocks: list[Block], context: int) -> Iterator[Block]:
    """Splits long unchanged blocks into what stays near a change and what is folded away."""
    for position, block in enumerate(blocks):
        head = context if position > 0 else 0
        tail = context if position < len(blocks) - 1 else 0
        count = len(block.rows)
        if block.changed or count - head - tail < _LEAST_FOLD:
            yield block
            continue
        parts = (block.rows[:head], False), (block.rows[head : count - tail], True), (block.rows[count - tail :], False)
        yield from (Block(False, rows, folded) for rows, folded in parts if rows)


def _hunk(blocks: tuple[Block, ...]) -> str:
    old_lines = [line for block in blocks for line in block.old_lines]
    new_lines = [line for block in blocks for line in block.new_lines]
    header = f'@@ -{_span(old_lines)} +{_span(new_lines)} @@\n'
    return header + ''.join(_unified_line(sign, line) for block in blocks for sign, line in _signed(block))


def _span(lines: list[Line]) -> str:
    """Where a hunk stands in one side. A side of no lines at all only occurs in a diff from or to the empty file."""
    return f'{lines[0].number},{len(lines)}' if lines else '0,0'


def _signed(block: Block) -> Iterator[tuple[str, Line]]:
    if not block.changed:
        yield from ((' ', line) for line in block.old_lines)
        return
    yield from (('-', line) for line in block.old_lines)
    yield from (('+', line) for line in block.new_lines)


def _unified_line(sign: str, line: Line) -> str:
    if not line.ending:
        return f'{sign}{line.text}\n\\ No newline at end of file\n'
    return f'{sign}{line.text}{line.ending if line.ending.endswith(chr(10)) else chr(10)}'
