"""Where a text names TensorFlow, told without a parser; strings and comments count as code.

Only for texts in which that can be told: `is_plain`, and TensorFlow imported one name a line.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rewriters.names.uses import TENSORFLOW
from rewriters.scopes import IMPORTERS

_IMPORT = re.compile(
    r'[ \t]*(?:import (?P<whole>tensorflow(?:\.compat\.v1)?) as |from (?P<module>tensorflow[\w.]*) import '
    r'(?:(?P<part>\w+) as )?)(?P<name>[A-Za-z_]\w*)[ \t]*(?:#.*)?'
)
_NAMED = re.compile(rf'(?<!\w){TENSORFLOW}(?:_core|_estimator)?(?!\w)')  # what its wheels installed, no other packages
_STATEMENT = re.compile(r'(?:^|[;:])[ \t\f]*(?:import|from)\b')
_COMMENT = re.compile(r"""#[^'"\n]*$""", re.MULTILINE)
_PROSE = re.compile(
    r"""#[^\n]*|\"{3}[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"{3}|'{3}[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'{3}"""
    r"""|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'"""
)
"""A comment, or a string without its prefix."""
_CODE = re.compile(r'(?:[ft]r?|r[ft])\Z', re.IGNORECASE)
"""The prefix of a string that holds code."""
_CONTINUED = re.compile(r'\\\n.*tensorflow')


def is_plain(text: str) -> bool:
    """Whether names are spelled, lines counted and modules imported in only one way."""
    return text.isascii() and '\r' not in text and not any(word in text for word in IMPORTERS)


def imported_names(text: str) -> dict[tuple[str, str], list[range]] | None:
    """Each name that a plain text imports something of TensorFlow under, with what it means, and the lines that do so.

    Lines are given by where they stand. None where the text may import more.
    """
    names: dict[tuple[str, str], list[range]] = {}
    for line in _lines_with(TENSORFLOW, text):
        words = text[line.start : line.stop]
        if words.lstrip().startswith('#') or not _NAMED.search(words):
            continue
        match = _IMPORT.fullmatch(words)
        if match:
            meaning = match['whole'] or f'{match["module"]}.{match["part"] or match["name"]}'
            names.setdefault((match['name'], meaning), []).append(line)
        elif _STATEMENT.search(words):
            return None
    return None if '\\\n' in text and _CONTINUED.search(text) else names


def _lines_with(word: str, text: str) -> Iterator[range]:
    start = text.find(word)
    while start >= 0:
        end = text.find('\n', start)
        end = end if end >= 0 else len(text)
        yield range(text.rfind('\n', 0, start) + 1, end)
        start = text.find(word, end)


def places_of(words: Iterable[str], text: str) -> Iterator[int]:
    """Where the words stand, be it inside of others."""
    for word in words:
        start = text.find(word)
        while start >= 0:
            yield start
            start = text.find(word, start + 1)


def lines_of(starts: Iterable[int], text: str) -> list[int]:
    """The numbers of the lines, from 1, in which the places of a plain text stand; each once, in order."""
    lines: list[int] = []
    line, counted = 1, 0
    for start in sorted(starts):
        line, counted = line + text.count('\n', counted, start), start
        if line not in lines[-1:]:
            lines.append(line)
    return lines


def without_comments(text: str) -> str:
    """The text without the comments in which no quote stands: what goes of a string too is no code."""
    return _COMMENT.sub('', text)


class Mention(NamedTuple):
    """What follows a name where it stands (`.nn.relu`; nothing where it stands alone), and whether that is called."""

    chain: str
    is_called: bool


ALONE = Mention('', False)


def mentions(name: str, text: str) -> Counter[Mention]:
    """How a name is mentioned, and how often each."""
    found: Counter[Mention] = Counter()
    for groups, times in Counter(_mentions(name).findall(text)).items():
        found[_mention(*groups)] += times
    return found


def placed_mentions(name: str, text: str) -> list[tuple[int, Mention]]:
    """Every mention of a name, with where it begins."""
    return [(match.start(), _mention(*match.groups())) for match in _mentions(name).finditer(text)]


@functools.lru_cache(maxsize=4096)
def _mention(chain: str, what_follows: str) -> Mention:
    return Mention(chain if chain.isprintable() and ' ' not in chain else ''.join(chain.split()), what_follows == '(')


def in_prose(starts: Iterable[int], name: str, text: str) -> set[int]:
    """Those of the places where a name stands that are in comments, and in strings that it is not the whole of.

    Nothing is known of strings that hold code, nor of what follows them: these may hold quotes of their own.
    """
    pending = sorted(starts, reverse=True)
    found: set[int] = set()
    for match in _PROSE.finditer(text):
        if not pending or _CODE.search(text, max(0, match.start() - 2), match.start()):
            break
        while pending and pending[-1] < match.end():
            start = pending.pop()
            if start > match.start() and match[0].strip('\'"') != name:
                found.add(start)
    return found


@functools.cache
def _mentions(name: str) -> re.Pattern[str]:
    """What must not stand before the name is looked for behind it, so that the search runs from name to name."""
    return re.compile(rf'{name}(?<!\w{name})(?!\w)((?:\s*\.\s*\w+)*)\s*(\(?)')
