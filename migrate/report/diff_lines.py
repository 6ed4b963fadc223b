"""Inside a changed stretch of a diff: which lines belong together, and which of their words differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_TOKEN = re.compile(r'\w+|\s+|[^\w\s]')
_WORD = re.compile(r'\w+')

_ALIKE = 0.5
"""Lines that share less than this part of their words are other lines, not changed ones."""

# Beyond these the comparison would cost more than it shows.
_MOST_PAIRS = 20_000
_MOST_TOKENS = 400
_MOST_CHARACTERS = 2_000


@dataclass(frozen=True)
class Piece:
    """A stretch of a line; `changed` if the line beside it has something else there."""

    text: str
    changed: bool


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of lines that are versions of each other, in order on both sides, as alike as possible in sum."""
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return []
    old_words, new_words = [_words(line) for line in old], [_words(line) for line in new]
    likeness = [[_likeness(a, b) for b in new_words] for a in old_words]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] + best[i + 1][j + 1])
    return _best_path(best, likeness)


def _words(line: str) -> Counter[str]:
    return Counter(_WORD.findall(line[:_MOST_CHARACTERS]))


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """The part of the words that two lines share, 0 if they are not alike at all."""
    total = old.total() + new.total()
    share = 2 * (old & new).total() / total if total else 0.0
    return share if share >= _ALIKE else 0.0


def _best_path(best: list[list[float]], likeness: list[list[float]]) -> list[tuple[int, int]]:
    path = []
    i = j = 0
    while i < len(likeness) and j < len(likeness[0]):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            path.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return path


def pieces_of_pair(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both lines with the words marked that differ."""
    old_tokens, new_tokens = _TOKEN.findall(old), _TOKEN.findall(new)
    old_same, new_same = [False] * len(old_tokens), [False] * len(new_tokens)
    for i, j, size in _matches(old_tokens, new_tokens):
        old_same[i : i + size] = new_same[j : j + size] = [True] * size
    return _pieces(old_tokens, old_same), _pieces(new_tokens, new_same)


def _matches(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """What two lines share. Between their common beginning and end, long lines are not looked at word by word."""
    start = common_start(old, new)
    end = common_start(old[start:][::-1], new[start:][::-1])
    yield 0, 0, start
    yield len(old) - end, len(new) - end, end
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) <= _MOST_TOKENS:
        for i, j, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            yield start + i, start + j, size


def common_start(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items the two begin with in common."""
    pairs = zip(old, new, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _pieces(tokens: list[str], same: list[bool]) -> tuple[Piece, ...]:
    """Tokens joined to stretches, for a calm picture: not marked is the indentation, but spaces in a marked phrase."""
    if tokens and tokens[0].isspace():
        same[0] = True
    for i in range(1, len(tokens) - 1):
        if tokens[i].isspace() and not same[i - 1] and not same[i + 1]:
            same[i] = False
    stretches = groupby(zip(tokens, same, strict=True), key=lambda pair: pair[1])
    return tuple(Piece(''.join(token for token, _ in group), not is_same) for is_same, group in stretches)
