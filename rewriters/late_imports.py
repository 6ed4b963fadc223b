"""Files that import TensorFlow only inside of functions: they load without it, and so must what becomes of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.symbols import Symbols, dotted_name

_Import = ast.Import | ast.ImportFrom
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef)


def imports_late(symbols: Symbols) -> bool:
    """Whether a file imports TensorFlow, and none of it when the file itself is loaded."""
    loaded = set(_loaded(symbols.walk.tree)) if symbols.imports else set()
    return bool(symbols.imports) and loaded.isdisjoint(symbols.imports)


def _is_for_types(test: ast.expr) -> bool:
    """Whether it is the condition of what no program runs: `TYPE_CHECKING`."""
    return (dotted_name(test) or '').rpartition('.')[2] == 'TYPE_CHECKING'


def _loaded(tree: ast.Module) -> Iterator[_Import]:
    """The imports that run when the module is loaded."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _Import):
            yield node
        elif isinstance(node, ast.If) and _is_for_types(node.test):
            pending += node.orelse
        elif not isinstance(node, (*_SCOPES, ast.expr)):
            pending += ast.iter_child_nodes(node)
