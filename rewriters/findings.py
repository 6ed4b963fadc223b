"""What the codemod tells a person: findings, their confidence, and the errors that end a file."""

from __future__ import annotations

import enum
import inspect
from dataclasses import dataclass


class Confidence(enum.Enum):
    """How far a person may trust what was done at a place."""

    EQUIVALENT = 'equivalent'
    """Rewritten; the meaning is kept by construction."""
    REVIEW = 'review'
    """Rewritten; the message names the assumption that a person must check."""
    MANUAL = 'manual'
    """Left alone; the message names the reason, the advice the way out."""


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of source. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def covers(self, other: Place) -> bool:
        """Whether `other` starts within this stretch."""
        start = (other.line, other.column)
        return (self.line, self.column) <= start < (self.end_line, self.end_column)


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know about one place of the source."""

    code: str
    confidence: Confidence
    place: Place
    message: str
    advice: str = ''

    @property
    def sort_key(self) -> tuple[Place, str, str]:
        return self.place, self.code, self.message


class SourceError(Exception):
    """A file that can't be read as Python 3 source; nothing of it is rewritten.

    `line` counts from 1, or is 0 where the file as a whole is meant.
    """

    def __init__(self, message: str, line: int = 0, advice: str = '') -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.advice = advice


CODE_INDENT = '    '
"""What a paragraph of code starts with."""


@dataclass(frozen=True)
class Explanation:
    """What `savedmodel-migrate explain CODE` says of a finding's code."""

    title: str
    text: str
    """Paragraphs, with empty lines between them. Those that are indented are code; others are to be filled."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Each paragraph on one line, but for code and for lists of links. Code with empty lines in it is one."""
        paragraphs: list[str] = []
        for block in self.text.split('\n\n'):
            if block.startswith(CODE_INDENT) and paragraphs and paragraphs[-1].startswith(CODE_INDENT):
                paragraphs[-1] += f'\n\n{block}'
            elif block.startswith((CODE_INDENT, 'https://')):
                paragraphs.append(block)
            else:
                paragraphs.append(' '.join(block.split()))
        return tuple(paragraphs)


EXPLANATIONS: dict[str, Explanation] = {}


def explain(code: str, title: str, text: str) -> str:
    """Registers the explanation of a code where the code is defined, and returns the code.

    `text` is dedented. It says what is meant and why it matters, what to do, and ends with links to TensorFlow's pages.
    """
    if code in EXPLANATIONS:
        raise ValueError(f'{code} is explained twice')
    EXPLANATIONS[code] = Explanation(title, inspect.cleandoc(text))
    return code
