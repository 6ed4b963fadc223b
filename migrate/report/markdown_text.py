"""Pieces of GitHub Markdown that hold any text, and show it as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from migrate.report.text import split_ending, split_lines, visible

_CODE = re.compile(r'`([^`]+)`')
_SPECIAL = re.compile(r'[\\`*_{}\[\]<>|~&$]')
_LINE_START = re.compile(r'^(\d+)([.)])(?=\s|$)|^([#+=:-])')
# Followed by a word these would call a person or link an issue; a character without width takes their meaning.
_REFERENCE = re.compile(r'([@#])(?=\w)')
_ADDRESS = re.compile(r'(?i)\b(https?|ftp)://|\bwww\.')


def inline(text: str) -> str:
    """Text in one line, with what stands in `backticks` as code and nothing else as Markdown."""
    text = _one_line(text)
    pieces = _CODE.split(text)
    return ''.join(code(piece) if i % 2 else _escaped(piece) for i, piece in enumerate(pieces))


cell = inline
"""Text for a cell of a table: a pipe is escaped wherever it stands."""


def _one_line(text: str) -> str:
    return ' '.join(visible(text).split())


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r'\\\g<0>', text)
    text = _LINE_START.sub(lambda match: f'{match[1]}\\{match[2]}' if match[1] else f'\\{match[3]}', text)
    text = _REFERENCE.sub(r'\1&#8203;', text)
    return _ADDRESS.sub(lambda match: match[0].replace(':', '&#58;').replace('.', '&#46;'), text)


def code(text: str) -> str:
    """A code span, inside a table or outside."""
    text = _one_line(text)
    if not text:
        return ''
    if '`' not in text and '|' not in text:
        return f'`{text}`'
    # In a table no code span can hold a backslash before a pipe; HTML can, if all that Markdown knows is spelt out.
    return '<code>' + re.sub(r'[^\w\s]', lambda match: f'&#{ord(match[0])};', text) + '</code>'


def fenced(text: str, language: str = '') -> str:
    """A code block, in a fence longer than any run of backticks within."""
    longest = max((len(run) for run in re.findall('`+', text)), default=0)
    fence = '`' * max(3, longest + 1)
    lines = (visible(split_ending(line)[0]) for line in split_lines(text))
    return '\n'.join([fence + language, *lines, fence])


def details(title: str, content: str) -> str:
    """Content that is folded until somebody wants to see it."""
    return f'<details><summary>{html.escape(_one_line(title))}</summary>\n\n{content}\n\n</details>'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [header, ['---'] * len(header), *rows]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)
