"""Where the nodes of a libcst module stand: what libcst's PositionProvider tells, in a third of its time.

As that does, it has libcst write the module's code, and notes at each node how far that has come: in tokens, of which
only those are counted as lines and columns that somebody asks for. tests/rewriters/test_trees.py compares the two.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange

_NEWLINE = re.compile(r'\r\n?|\n')


class Positions:
    """The places of a module's nodes; of no others."""

    def __init__(self, module: cst.Module) -> None:
        writer = _Writer(module.default_indent, module.default_newline)
        module._codegen(writer)  # type: ignore[arg-type]
        self._spans = writer.spans
        self._offsets = [0, *itertools.accumulate(map(len, writer.tokens))]
        written = ''.join(writer.tokens)
        self._lines = [0, *(newline.end() for newline in _NEWLINE.finditer(written))]
        self.code = written if module.has_trailing_newline else ''.join(writer.tokens[:-1])
        """The code that libcst writes for the module."""

    def __contains__(self, node: cst.CSTNode) -> bool:
        return node in self._spans

    def start(self, node: cst.CSTNode) -> tuple[int, int]:
        """The line, from 1, and the column, from 0, where a node starts."""
        return self._position(self._spans[node][0])

    def end(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node ends: behind its last character."""
        return self._position(self._spans[node][1])

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Both, as libcst has them."""
        return CodeRange(self.start(node), self.end(node))

    def _position(self, token: int) -> tuple[int, int]:
        offset = self._offsets[token]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1]


class _Writer:
    """What libcst hands from node to node while it writes code (its CodegenState)."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        self.default_indent = default_indent
        self.default_newline = default_newline
        self.tokens: list[str] = []
        self.add_token = self.tokens.append
        self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
        """The tokens of each node, by the numbers of the first and of the first that is not its."""
        self._indent: list[str] = []
        self._starts: list[int] = []

    def increase_indent(self, value: str) -> None:
        self._indent.append(value)

    def decrease_indent(self) -> None:
        self._indent.pop()

    def add_indent_tokens(self) -> None:
        self.tokens += self._indent

    def pop_trailing_newline(self) -> None:
        """That there is none at the end of a file moves no node."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.spans:
            self.spans[node] = start, len(self.tokens)

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Recording:
        return _Recording(self, node, start_node, end_node)


class _Recording:
    """Around the writing of what counts of a node: not the space around it, nor its parentheses."""

    __slots__ = ('_end_node', '_node', '_start', '_start_node', '_writer')

    def __init__(
        self, writer: _Writer, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self._writer = writer
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._start = len(self._writer.tokens)

    def __exit__(self, *error: Any) -> None:
        spans = self._writer.spans
        start = self._start if self._start_node is None else spans[self._start_node][0]
        end = len(self._writer.tokens) if self._end_node is None else spans[self._end_node][1]
        spans[self._node] = start, end
