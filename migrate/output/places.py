"""Where a rewrite changes a file: the stretches of lines, for formats that show or apply them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrate.codemod import Outcome
from migrate.files import NOTEBOOK
from migrate.output.diffs import placed_names
from migrate.report.diff import side_by_side
from migrate.report.sources import FileReport, line_of
from migrate.report.text import split_ending, split_lines
from rewriters import Place


@dataclass(frozen=True)
class Replacement:
    """A stretch of the old source, and what stands there in the new one."""

    place: Place
    text: str


@dataclass(frozen=True)
class Would:
    """What a rewrite would do to a file, in a sentence, and where it begins."""

    place: Place
    message: str


def would(outcome: Outcome) -> Would | None:
    """What a rewrite would do to the file; None if nothing."""
    first = next(replacements(outcome.report), None)
    if first is None:
        return None
    line = first.place.line
    message = f'{in_cell(outcome.report, first.place)}`savedmodel-migrate rewrite` would change this file'
    message += ', from this line on.'
    if outcome.placed:
        message += f' It would add {" and ".join(placed_names(outcome))}, which it needs.'
    return Would(Place(line, 1, line, 1), message)


def in_cell(report: FileReport, place: Place) -> str:
    """`cell 3, line 7: `, for a place in a notebook, whose lines are not those of the file; else nothing."""
    return f'{line_of(report, place)}: ' if report.path.endswith(NOTEBOOK) else ''


def replacements(report: FileReport) -> Iterator[Replacement]:
    """What makes the new source of the old one, in order; whole lines, with their ends."""
    old = split_lines(report.before)
    next_line = 1
    for block in side_by_side(report.before, report.after):
        if block.changed:
            text = ''.join(line.text + line.ending for line in block.new_lines)
            yield Replacement(_place(old, next_line, len(block.old_lines)), text)
        next_line += len(block.old_lines)


def _place(old: list[str], start: int, count: int) -> Place:
    """The place of whole lines: up to the beginning of the next one, or the end of a last one that has no end."""
    end = start + count
    if count and end > len(old):
        text, ending = split_ending(old[-1])
        if not ending:
            return Place(start, 1, end - 1, len(text) + 1)
    return Place(start, 1, end, 1)
