"""Text for people, whatever the format around it: what others wrote (source, names, errors, logs) is made safe."""

from __future__ import annotations

import io
import re

_TERMINAL_SEQUENCE = re.compile(r'\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])')

# Control characters but tab and newlines; marks that reorder text, with which source can be made to look like other
# source; surrogates, which no encoding takes.
_INVISIBLE = re.compile(
    '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]'
)


def visible(text: str) -> str:
    """The text with everything that the eye would miss, or that a page could not hold, spelt out as an escape."""
    return _INVISIBLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f'\\x{number:02x}' if number < 256 else f'\\u{number:04x}'


def log_text(text: str) -> str:
    """A captured terminal output as text: without colours, and of a progress bar only its last state."""
    lines = _TERMINAL_SEQUENCE.sub('', text).replace('\r\n', '\n').split('\n')
    return '\n'.join(line.rstrip('\r').rpartition('\r')[2] for line in lines).strip('\n')


def split_lines(text: str) -> list[str]:
    """The lines with their ends, as Python counts them: a form feed, say, ends no line (`str.splitlines` errs)."""
    return list(io.StringIO(text, newline=''))


def split_ending(line: str) -> tuple[str, str]:
    """A line as its text and its line end, which is empty on a last line without one."""
    text = line.rstrip('\r\n')
    return text, line[len(text) :]


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f'{number:,} {noun}' if number == 1 else f'{number:,} {noun}s'
