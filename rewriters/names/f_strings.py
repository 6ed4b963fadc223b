"""Edits names inside f-strings, whose parts have no trustworthy positions before Python 3.12."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence


def replaced(text: str, renames: Sequence[tuple[str, str]]) -> str | None:
    """The f-string's source with each (old, new) name replaced; None where that can't be done exactly.

    Each old name must stand in the source exactly as often as in the expressions, and what the string says around
    them must stay: `f'tf.log {tf.log(x)}'` and `f'{tf.log=}'` are refused.
    """
    new_text = text
    wanted: dict[str, int] = {}
    targets: Mapping[str, str] = dict(renames)
    for old, new in renames:
        wanted[old] = wanted.get(old, 0) + 1
        if targets[old] != new:
            return None
    for old, count in sorted(wanted.items(), reverse=True):  # tf.a.b before tf.a
        new_text, found = re.subn(rf'(?<![\w.]){re.escape(old)}(?!\w)', targets[old], new_text)
        if found != count:
            return None
    before, after = _literals(text), _literals(new_text)
    return new_text if before is not None and before == after else None


def _literals(text: str) -> list[object] | None:
    try:
        tree = ast.parse(f'({text}\n)', mode='eval')
    except (SyntaxError, ValueError):
        return None
    return list(_constants(tree.body))


def _constants(node: ast.AST) -> Iterator[object]:
    for child in ast.walk(node):
        if isinstance(child, ast.JoinedStr):
            yield from (part.value for part in child.values if isinstance(part, ast.Constant))
