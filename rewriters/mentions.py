"""Where a text names TensorFlow, told without a parser; strings and comments count as code.

Only for texts in which that can be told: `is_plain`, and TensorFlow imported one name a line.
"""

from __future__ import annotations

import functools
import keyword
import re
from collections import Counter
from collections.abc import Iterator

from rewriters.names.uses import TENSORFLOW
from rewriters.scopes import IMPORTERS

_IMPORT = re.compile(
    r'[ \t]*(?:import (?P<whole>tensorflow(?:\.compat\.v1)?) as |from (?P<module>tensorflow[\w.]*) import '
    r'(?:(?P<part>\w+) as )?)(?P<name>[A-Za-z_]\w*)[ \t]*(?:#.*)?'
)
_NAMED = re.compile(rf'(?<!\w){TENSORFLOW}(?:_core|_estimator)?(?!\w)')  # what its wheels installed, no other packages
_STATEMENT = re.compile(r'(?:^|[;:])[ \t\f]*(?:import|from)\b')
_COMMENT = re.compile(r"""#[^'"\n]*$""", re.MULTILINE)
_BESIDE_NAMES = {*keyword.kwlist, 'case', 'match', 'type'}  # the last is no keyword yet in each Python
_BEFORE = re.compile(r'(?<!\w)([A-Za-z]+) \Z')
_LONGEST_WORD = 20
_CONTINUED = re.compile(r'\\\n.*tensorflow')


def is_plain(text: str) -> bool:
    """Whether names are spelled, lines counted and modules imported in only one way."""
    return text.isascii() and '\r' not in text and not any(word in text for word in IMPORTERS)


def imported_names(text: str) -> Counter[tuple[str, str]] | None:
    """Each name that a plain text imports something of TensorFlow under, with what it means, and how often that is.

    None where it may import more.
    """
    names: Counter[tuple[str, str]] = Counter()
    for line in _lines_with(TENSORFLOW, text):
        if line.lstrip().startswith('#') or not _NAMED.search(line):
            continue
        match = _IMPORT.fullmatch(line)
        if match:
            meaning = match['whole'] or f'{match["module"]}.{match["part"] or match["name"]}'
            names[match['name'], meaning] += 1
        elif _STATEMENT.search(line):
            return None
    return None if '\\\n' in text and _CONTINUED.search(text) else names


def _lines_with(word: str, text: str) -> Iterator[str]:
    start = text.find(word)
    while start >= 0:
        end = text.find('\n', start)
        end = end if end >= 0 else len(text)
        yield text[text.rfind('\n', 0, start) + 1 : end]
        start = text.find(word, end)


def without_comments(text: str) -> str:
    """The text without the comments in which no quote stands: what goes of a string too is no code."""
    return _COMMENT.sub('', text)


def chains(name: str, text: str) -> Iterator[tuple[str, bool]]:
    """What follows each mention of a name (`.nn.relu`; nothing where it stands alone), and whether that is called."""
    for chain, what_follows in _mentions(name).findall(text):
        yield chain if chain.isprintable() and ' ' not in chain else ''.join(chain.split()), what_follows == '('


def count_in_prose(name: str, text: str) -> int:
    """How often a name that nothing follows stands beside a word as it can in a sentence only, and in no expression."""
    neighbours = (
        (_BEFORE.search(text, match.start() - _LONGEST_WORD, match.start()), match)
        for match in _alone(name).finditer(text)
    )
    return sum(
        any(found is not None and found[1] and found[1] not in _BESIDE_NAMES for found in pair) for pair in neighbours
    )


@functools.cache
def _alone(name: str) -> re.Pattern[str]:
    """The name, and the word behind it if only a blank is between."""
    return re.compile(rf'{name}(?<![\w.]{name})(?!\w)(?!\s*[.(])(?: ([A-Za-z]+)(?!\w))?')


@functools.cache
def _mentions(name: str) -> re.Pattern[str]:
    """What must not stand before the name is looked for behind it, so that the search runs from name to name."""
    return re.compile(rf'{name}(?<!\w{name})(?!\w)((?:\s*\.\s*\w+)*)\s*(\(?)')
