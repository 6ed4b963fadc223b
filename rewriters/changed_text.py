"""Writes a module some of whose statements changed: those anew, and the others as they stand in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from rewriters.lossless import restored
from rewriters.positions import Positions

_NEWLINE = re.compile(r'\r\n?|\n')
# Stands for what follows a stretch that changed, and did not change itself.
_BEHIND = '\0'


def changed_text(text: str, module: cst.Module, changed: cst.Module, positions: Positions) -> str:
    """The source of `changed`, which was made of the module of `text`."""
    if not _has_same_ends(module, changed):
        return restored(text, module.code, changed.code)
    if not module.has_trailing_newline:
        newline = module.default_newline
        return _joined(text + newline, module, changed, positions).removesuffix(newline)
    return _joined(text, module, changed, positions)


def _joined(text: str, module: cst.Module, changed: cst.Module, positions: Positions) -> str:
    places = {statement: index for index, statement in enumerate(module.body)}
    starts = _Starts(text, module, positions)
    parts = [text[: starts[0]]]
    done = 0
    new: list[cst.CSTNode] = []
    for statement in (*changed.body, None):
        place = places.get(statement, -1) if statement is not None else len(module.body)
        if statement is not None and place < done:
            new.append(statement)
            continue
        parts.append(_stretch(text[starts[done] : starts[place]], module, module.body[done:place], new))
        parts.append(text[starts[place] : starts[place + 1]])
        done, new = place + 1, []
    return ''.join(parts)


def _has_same_ends(module: cst.Module, changed: cst.Module) -> bool:
    """Whether a module begins and ends as it did, in so far as that does not belong to a statement."""
    is_same = [*module.header] == [*changed.header] and [*module.footer] == [*changed.footer]
    return is_same and bool(module.body)


def _stretch(source: str, module: cst.Module, old: Sequence[cst.CSTNode], new: Sequence[cst.CSTNode]) -> str:
    """What takes the place of some statements."""
    written = ''.join(map(module.code_for_node, new))
    if not old:
        return written
    parsed = ''.join(map(module.code_for_node, old))
    return restored(source + _BEHIND, parsed + _BEHIND, written + _BEHIND).removesuffix(_BEHIND)


class _Starts:
    """Where each statement of a module starts, with the lines above that are its; then the footer; then the end."""

    def __init__(self, text: str, module: cst.Module, positions: Positions) -> None:
        self._lines = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]
        self._module = module
        self._positions = positions

    def __getitem__(self, place: int) -> int:
        body = self._module.body
        if place < len(body):
            return self._lines[self._first_line(body[place]) - 1]
        return self._lines[-1 - self._count(self._module.footer)] if place == len(body) else self._lines[-1]

    def _first_line(self, statement: cst.BaseStatement) -> int:
        decorators: Sequence[cst.Decorator] = getattr(statement, 'decorators', ())
        line = self._positions.line(decorators[0] if decorators else statement)
        return line - self._count(getattr(statement, 'leading_lines', ()))

    def _count(self, lines: Sequence[cst.EmptyLine]) -> int:
        return sum(len(_NEWLINE.findall(self._module.code_for_node(line))) for line in lines)
