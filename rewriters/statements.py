"""Pairs the statements of a libcst module with those of the syntax tree of the same source, which know their lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import libcst as cst

_LINES = frozenset({cst.SimpleStatementLine, cst.SimpleStatementSuite})
_HANDLERS = frozenset({cst.ExceptHandler, cst.ExceptStarHandler})
_COMPOUND = frozenset(
    {cst.ClassDef, cst.For, cst.FunctionDef, cst.If, cst.Match, cst.Try, cst.TryStar, cst.While, cst.With}
)
_WITHOUT_SCOPES = _LINES | {cst.For, cst.If, cst.While, cst.With}
_KINDS = _LINES | _HANDLERS | _COMPOUND | {cst.Module}


class Statements:
    """The statements of a module, and the handlers of its `try` statements; each pair is found when it is asked for."""

    def __init__(self, module: cst.Module, tree: ast.Module, parents: Mapping[cst.CSTNode, cst.CSTNode | None]) -> None:
        self.parents = parents
        self._trees: dict[cst.CSTNode, Sequence[Any]] = {module: [tree]}

    def around(self, node: cst.CSTNode) -> cst.CSTNode:
        """The innermost statement or handler that `node` is, or stands in; the module for what stands in none."""
        outer: cst.CSTNode | None = node
        while outer is not None:
            if type(outer) in _KINDS:
                return outer
            outer = self.parents[outer]
        raise KeyError(node)

    def trees(self, statement: cst.CSTNode) -> Sequence[Any]:
        """The same in the syntax tree: several for a line with `;`."""
        if statement not in self._trees:
            outer = self.parents[statement]
            assert outer is not None
            outer = self.around(outer)
            self._trees.update(_pairs(outer, self.trees(outer)[0]))
        return self._trees[statement]

    def extent(self, statement: cst.CSTNode) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Where, for the syntax tree, a statement starts and the blocks in it start, or it ends without any.

        None where more than expressions stands before the blocks, or between them.
        """
        if type(statement) not in _WITHOUT_SCOPES:
            return None
        first, last = self.trees(statement)[0], self.trees(statement)[-1]
        end = (last.end_lineno, last.end_col_offset) if type(statement) in _LINES else _start(last.body[0])
        return _start(first), end


def _start(node: ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _pairs(outer: cst.CSTNode, tree: Any) -> Iterator[tuple[cst.CSTNode, Sequence[ast.AST]]]:
    """The statements and handlers right in `outer`."""
    for statements, trees in _blocks(outer, tree):
        at = 0
        for statement in statements:
            end = at + (len(statement.body) if type(statement) in _LINES else 1)
            yield statement, trees[at:end]
            at = end
    for handler, handler_tree in zip(getattr(outer, 'handlers', ()), getattr(tree, 'handlers', ()), strict=True):
        yield handler, [handler_tree]


def _blocks(outer: Any, tree: Any) -> Iterator[tuple[Sequence[Any], Sequence[ast.AST]]]:
    for name in ('body', 'orelse', 'finalbody'):
        block = getattr(outer, name, None)
        if isinstance(block, cst.Else | cst.Finally):
            block = block.body
        if block is not None:
            yield block.body if isinstance(block, cst.IndentedBlock) else _listed(block), getattr(tree, name)
    for case, case_tree in zip(getattr(outer, 'cases', ()), getattr(tree, 'cases', ()), strict=True):
        yield case.body.body if isinstance(case.body, cst.IndentedBlock) else [case.body], case_tree.body


def _listed(block: Any) -> Sequence[Any]:
    """The body of a module is a list already; `elif` and what stands behind a colon are single statements."""
    return [block] if isinstance(block, cst.CSTNode) else block
