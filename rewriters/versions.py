"""Tells where a module asks which TensorFlow runs, and does something with the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.names.places import Locator
from rewriters.origins import Origins
from rewriters.symbols import Symbols, canonical, dotted_name

# What tells which TensorFlow it is.
VERSIONS = frozenset({'VERSION', '__version__', 'version.VERSION'})


def version_decides(text: str, symbols: Symbols, origins: Origins | None) -> int | None:
    """The line of the first condition or assignment of the module that asks which TensorFlow runs, if there is one."""
    asked = frozenset(_asked(symbols)) if 'version' in text.lower() else frozenset()
    if not asked:
        return None
    deciding = (node for statement in symbols.walk.body for part in _deciding(statement) for node in ast.walk(part))
    locator = Locator(text)
    places = [locator.place(node) for node in deciding if isinstance(node, ast.expr) and node in asked]
    return min((place.line if origins is None else origins.place(place).line for place in places), default=None)


def _asked(symbols: Symbols) -> Iterator[ast.expr]:
    """The `tf.__version__` of each `tf.__version__.split('.')`."""
    for chain, scope, _, _ in symbols.named():
        node: ast.expr = chain
        while isinstance(node, ast.Attribute | ast.Name):
            qualified = symbols.resolve_in(dotted_name(node) or '', scope)
            if qualified is not None and canonical(qualified) in VERSIONS:
                yield node
            if not isinstance(node, ast.Attribute):
                break
            node = node.value


def _deciding(statement: ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    """The parts of a statement in which what a name gives is more than printed: compared, tested or kept."""
    for node in ast.walk(statement):
        if isinstance(node, ast.If | ast.While):
            yield node.test
        elif isinstance(node, ast.IfExp | ast.Compare | ast.Assign | ast.Assert):
            yield node
