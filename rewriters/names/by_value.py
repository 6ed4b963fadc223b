"""Finds where TensorFlow itself, and not something of it, is a value: `self.tf = tf`, `f(tf)`, `[tf, np]`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.names.uses import TENSORFLOW
from rewriters.symbols import Symbols, dotted_name

_LOOK_ONLY = frozenset('dir getattr hasattr help id isinstance print reload repr str type'.split())
"""Functions that hand on nothing: the last words of their names. `getattr` is looked at elsewhere."""
_TESTS = (ast.Assert, ast.Compare, ast.Delete, ast.Expr, ast.Not, ast.UnaryOp)


def find_values(symbols: Symbols) -> list[ast.Name]:
    """Every name for the whole of TensorFlow that goes where nobody follows it, in source order."""
    bare = {
        _place(chain.node)
        for name in symbols.heads
        for chain in symbols.walk.chains.get(name, ())
        if isinstance(chain.node, ast.Name) and symbols.resolve_in(name, chain.scope) == TENSORFLOW
    }
    if not bare:
        return []
    # The walk keeps no parents, and few files have such a name.
    found = (name for name in _handed_on(symbols.walk.tree, in_class=False) if _place(name) in bare)
    return sorted(found, key=_place)


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _handed_on(node: ast.AST, in_class: bool, is_test: bool = False) -> Iterator[ast.Name]:
    """The names in a node that are values of their own there, but those that are only looked at or get another name.

    `is_test` says that only the truth of the node counts.
    """
    if isinstance(node, ast.Attribute) and dotted_name(node):
        return
    is_test = is_test and isinstance(node, ast.BoolOp)
    settled = list(ast.iter_child_nodes(node)) if is_test else _settled(node, in_class)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name):
            if child not in settled:
                yield child
        elif not (isinstance(child, ast.Tuple) and child in settled):
            inside = isinstance(node, ast.ClassDef) or (in_class and not isinstance(node, ast.FunctionDef))
            yield from _handed_on(child, inside, is_test or child in _tests(node))


def _tests(node: ast.AST) -> list[ast.AST]:
    """The children of a node of which only the truth counts."""
    if isinstance(node, ast.Assert | ast.If | ast.IfExp | ast.While):
        return [node.test]
    if isinstance(node, ast.UnaryOp):
        return [node.operand] if isinstance(node.op, ast.Not) else []
    return [*node.ifs] if isinstance(node, ast.comprehension) else []


def _settled(node: ast.AST, in_class: bool) -> list[ast.AST]:
    """The children of a node that hand nothing on."""
    if isinstance(node, _TESTS):
        return list(ast.iter_child_nodes(node))
    if isinstance(node, ast.If | ast.While | ast.comprehension):
        return _tests(node)
    if isinstance(node, ast.IfExp):
        # `tf.compat.v1 if … else tf` is how code for both gets the former.
        others = (node.body, node.orelse)
        is_compat = any((dotted_name(other) or '').endswith('.compat.v1') for other in others)
        return [node.test, *(others if is_compat else ())]
    if isinstance(node, ast.Call):
        name = (dotted_name(node.func) or '').rpartition('.')[2]
        return [node.func, *(node.args if name in _LOOK_ONLY else ())]
    if isinstance(node, ast.Assign) and not in_class:
        # Another name for it is followed, but not what `self.` leads to.
        return [node.value] if all(_is_followed(target, node.value) for target in node.targets) else []
    return []


def _is_followed(target: ast.expr, value: ast.expr) -> bool:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return all(isinstance(name, ast.Name) for name in target.elts)
    return isinstance(target, ast.Name) and isinstance(value, ast.Name)
