"""Where the nodes of a libcst module stand: what libcst's PositionProvider tells, of those that somebody asks for.

As that does, it has libcst write code, and notes at each node how far that has come: but a statement at a time, without
the blocks in it, from the line in which the syntax tree of the same source has it. tests/rewriters/test_positions.py
compares the two.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange

from rewriters.names.places import Locator
from rewriters.statements import Statements

_NEWLINE = re.compile(r'\r\n?|\n')
_LINES = (cst.SimpleStatementLine, cst.SimpleStatementSuite)
_NOTHING = cst.IndentedBlock(())
_WITH_BLOCKS = (
    cst.BaseCompoundStatement, cst.ExceptHandler, cst.ExceptStarHandler, cst.Else, cst.Finally, cst.MatchCase
)  # fmt: skip


class Positions:
    """The places of a module's nodes; of no others."""

    def __init__(self, source: str, module: cst.Module, statements: Statements) -> None:
        self._locator = Locator(source)
        self._module = module
        self._statements = statements
        self._spans: dict[cst.CSTNode, tuple[_Written, int, int]] = {}

    def line(self, node: cst.CSTNode) -> int:
        """The line, from 1, in which a node starts."""
        statement = self._statements.around(node)
        if statement is not self._module:
            trees = self._statements.trees(statement)
            line: int = trees[0].lineno
            if node is statement or (isinstance(statement, _LINES) and line == trees[-1].end_lineno):
                return line
        return self.start(node)[0]

    def start(self, node: cst.CSTNode) -> tuple[int, int]:
        """The line, from 1, and the column, from 0, where a node starts."""
        if isinstance(node, cst.IndentedBlock):
            return self.start(node.body[0])
        written, start, _ = self._span(node)
        return written.position(start)

    def end(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node ends: behind its last character."""
        last = _last_part(node)
        if last is not None:
            return self.end(last)
        written, _, end = self._span(node)
        return written.position(end)

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Both, as libcst has them."""
        return CodeRange(self.start(node), self.end(node))

    def _span(self, node: cst.CSTNode) -> tuple[_Written, int, int]:
        if node not in self._spans:
            statement = self._statements.around(node)
            self._write(statement, _without_blocks(statement))
            if node not in self._spans:
                # `else`, `finally` and `case` are no statements: where they stand, only what is before them tells.
                self._write(statement, statement)
        return self._spans[node]

    def _write(self, statement: cst.CSTNode, shown: cst.CSTNode) -> None:
        writer = _Writer(self._module.default_indent, self._module.default_newline, self._indent(statement))
        first = self._statements.trees(statement)[0]
        if isinstance(statement, cst.SimpleStatementSuite):
            # It stands behind a colon.
            writer.add_token(' ' * self._locator.column(first))
        is_elif = isinstance(statement, cst.If) and isinstance(self._statements.parents[statement], cst.If)
        shown._codegen(writer, **({'is_elif': True} if is_elif else {}))  # type: ignore[arg-type]
        start, end = writer.spans[shown]
        written = _Written(writer.tokens, start, first.lineno if statement is not self._module else 1)
        for node, span in writer.spans.items():
            self._spans.setdefault(node, (written, *span))
        self._spans.setdefault(statement, (written, start, end))

    def _indent(self, statement: cst.CSTNode) -> list[str]:
        indents = []
        outer = self._statements.parents[statement]
        while outer is not None:
            if isinstance(outer, cst.IndentedBlock | cst.Match):
                indents.append(self._module.default_indent if outer.indent is None else outer.indent)
            outer = self._statements.parents[outer]
        return indents[::-1]


def _without_blocks(statement: cst.CSTNode) -> cst.CSTNode:
    """A statement or handler with nothing in its block, and no `else`; `try` and `match` need what they have."""
    if isinstance(statement, cst.SimpleStatementSuite):
        return statement.with_changes(leading_whitespace=cst.SimpleWhitespace(''))
    if not isinstance(statement, _WITH_BLOCKS) or isinstance(statement, cst.Match | cst.Try | cst.TryStar):
        return statement
    return statement.with_changes(body=_NOTHING, **({'orelse': None} if hasattr(statement, 'orelse') else {}))


def _last_part(node: Any) -> cst.CSTNode | None:
    """What ends where `node` ends, if that is a block or has blocks."""
    if isinstance(node, cst.IndentedBlock):
        return node.body[-1]
    if not isinstance(node, _WITH_BLOCKS):
        return None
    parts = (getattr(node, name, None) for name in ('finalbody', 'orelse', 'handlers', 'cases', 'body'))
    last = next(part for part in parts if part)
    return last if isinstance(last, cst.CSTNode) else last[-1]


class _Written:
    """The code of a statement, of which only those tokens are counted as lines and columns that somebody asks for."""

    def __init__(self, tokens: list[str], first: int, line: int) -> None:
        """`first` is the token that stands in `line` of the source."""
        self._offsets = [0, *itertools.accumulate(map(len, tokens))]
        self._lines = [0, *(newline.end() for newline in _NEWLINE.finditer(''.join(tokens)))]
        self._before = line - bisect_right(self._lines, self._offsets[first])

    def position(self, token: int) -> tuple[int, int]:
        offset = self._offsets[token]
        line = bisect_right(self._lines, offset)
        return line + self._before, offset - self._lines[line - 1]


class _Writer:
    """What libcst hands from node to node while it writes code (its CodegenState)."""

    def __init__(self, default_indent: str, default_newline: str, indent: list[str]) -> None:
        self.default_indent = default_indent
        self.default_newline = default_newline
        self.tokens: list[str] = []
        self.add_token = self.tokens.append
        self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
        """The tokens of each node, by the numbers of the first and of the first that is not its."""
        self._indent = indent
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
