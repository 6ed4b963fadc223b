"""Which modules a file imports, told by its text: most files are only asked this, and a tree takes many times as long.

What stands in strings counts too, and what a broken file says: files that change together without need do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# What must not stand before the word is looked for behind it, so that the search runs from word to word.
# The names stand up to the end of the line, or in parentheses, where comments may stand between them.
_STATEMENT = re.compile(r'import(?<!\wimport)\b[ \t\f]*(?:\(((?:[^)#]|#.*)*)|([^\n;#(]*))')
_FROM = re.compile(r'from\b[ \t\f]*(\.[. \t\f]*)?([\w. \t\f]*)$')
_COMMENT = re.compile(r'#.*')
_CONTINUED = re.compile(r'\\\r?\n')


class Import(NamedTuple):
    """One imported name: `from ..a import b` is ('a', 'b', 2); `import a.b` is ('a.b', '', 0)."""

    module: str
    name: str
    level: int


def read_imports(source: bytes) -> list[Import]:
    """Every import of a file."""
    text = source.decode('utf-8', 'replace')
    if '\\' in text:
        text = _CONTINUED.sub(' ', text)
    if '\r' in text:
        text = text.replace('\r', '\n')
    return list(_imports(text))


def _imports(text: str) -> Iterator[Import]:
    for statement in _STATEMENT.finditer(text):
        line = text[text.rfind('\n', 0, statement.start()) + 1 : statement.start()]
        before = line.strip().rpartition(';')[2].rpartition(':')[2].lstrip()  # `try: import a; import b`
        names = _names(statement[1] or statement[2] or '')
        if not before:
            yield from (Import(name, '', 0) for name in names)
            continue
        origin = _FROM.match(before)
        if origin:
            module, level = ''.join(origin[2].split()), (origin[1] or '').count('.')
            yield from (Import(module, name, level) for name in names)


def _names(text: str) -> Iterator[str]:
    """`a.b` and `c` of `a.b as d, c`."""
    for item in (_COMMENT.sub('', text) if '#' in text else text).split(','):
        name = item.partition(' as ')[0].strip()
        if name:
            yield name
