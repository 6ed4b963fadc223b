"""Which expressions of a module are sizes of static shapes, also by the names that they were given."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rewriters.bindings import Scope
from rewriters.findings import Confidence
from rewriters.symbols import Symbols, canonical, dotted_name

_SHAPE = 'shape'
_MAKES_SHAPES = frozenset({'concatenate', 'merge_with', 'with_rank', 'with_rank_at_least', 'with_rank_at_most'})
_KEEPS_ITEMS = frozenset({'list', 'reversed', 'tuple'})
# Methods of Keras layers that are given a shape.
_GIVEN_SHAPE = frozenset({'build', 'compute_output_shape'})
_ORDER = (Confidence.EQUIVALENT, Confidence.REVIEW, Confidence.MANUAL)


class _Bound(NamedTuple):
    """What a name is bound to, and a place in the scope where it is. `is_each`: to each item of it.

    Where `value` is a Confidence, the name is a shape.
    """

    name: str
    place: tuple[int, int]
    value: ast.expr | Confidence
    is_each: bool = False


class DimensionNames:
    """Tells sizes of shapes from all else, and how sure it is of them.

    EQUIVALENT is certain; REVIEW takes for granted that a `.shape` is a tensor's; MANUAL is a name that is bound to
    other things as well. `statements` are those of the module in which names are looked at: what others bind, they
    bind to other things, as far as anybody here knows.
    """

    def __init__(self, symbols: Symbols, statements: Sequence[ast.stmt]) -> None:
        self._symbols = symbols
        self._statements = statements
        self._asked: list[tuple[Scope, str, bool]] = []

    @functools.cached_property
    def _bound(self) -> dict[tuple[Scope, str], list[_Bound]]:
        found: dict[tuple[Scope, str], list[_Bound]] = {}
        for statement in self._statements:
            for node in ast.walk(statement):
                for bound in _bindings(node):
                    owner = self._symbols.scope_at(*bound.place).owner(bound.name)
                    if owner is not None:
                        found.setdefault((owner, bound.name), []).append(bound)
        return found

    def is_size(self, node: ast.expr) -> Confidence | None:
        """Whether an expression is the size of a dimension."""
        if isinstance(node, ast.Name):
            return self._named(node, is_size=True)
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice | ast.Tuple):
            return None
        is_key = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        return None if is_key else self.is_shape(node.value)

    def is_shape(self, node: ast.expr) -> Confidence | None:
        """Whether an expression is a static shape, or holds the items of one."""
        if isinstance(node, ast.Name):
            return self._named(node, is_size=False)
        if isinstance(node, ast.Call):
            return self._is_shape_called(node)
        if isinstance(node, ast.Subscript):
            return self.is_shape(node.value) if isinstance(node.slice, ast.Slice) else None
        return Confidence.REVIEW if isinstance(node, ast.Attribute) and node.attr == _SHAPE else None

    def _is_shape_called(self, node: ast.Call) -> Confidence | None:
        if isinstance(node.func, ast.Name) and node.func.id in _KEEPS_ITEMS and len(node.args) == 1:
            return self.is_shape(node.args[0])
        if isinstance(node.func, ast.Attribute) and node.func.attr == 'get_shape':
            return Confidence.EQUIVALENT
        if isinstance(node.func, ast.Attribute) and node.func.attr in _MAKES_SHAPES:
            return self.is_shape(node.func.value)
        qualified = self._symbols.resolve(dotted_name(node.func) or '', node.lineno, node.col_offset)
        return Confidence.EQUIVALENT if canonical(qualified or '') == 'TensorShape' else None

    def _named(self, node: ast.Name, is_size: bool) -> Confidence | None:
        owner = self._symbols.walk.root.innermost(_place(node)).owner(node.id)
        if owner is None or (owner, node.id, is_size) in self._asked:
            return None
        self._asked.append((owner, node.id, is_size))
        given = [self._is_bound(bound, is_size) for bound in self._bound.get((owner, node.id), ())]
        self._asked.pop()
        known = [confidence for confidence in given if confidence is not None]
        if not known:
            return None
        return max(known, key=_ORDER.index) if len(known) == len(owner.bindings[node.id]) else Confidence.MANUAL

    def _is_bound(self, bound: _Bound, is_size: bool) -> Confidence | None:
        if isinstance(bound.value, Confidence):
            return None if is_size else bound.value
        if bound.is_each:
            return self.is_shape(bound.value) if is_size else None
        return self.is_size(bound.value) if is_size else self.is_shape(bound.value)


def _place(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _bindings(node: ast.AST) -> Iterator[_Bound]:
    """The names that a node binds, and to what."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield from _assigned(node.target, node.value)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from _each(node.target, node.iter)
    elif isinstance(node, ast.Call):
        yield from _mapped(node)
    elif isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name in _GIVEN_SHAPE and len(method.args.args) > 1:
                yield _Bound(method.args.args[1].arg, _place(method.body[0]), Confidence.REVIEW)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[_Bound]:
    if isinstance(target, ast.Name):
        yield _Bound(target.id, _place(target), value)
    elif isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for part, given in zip(target.elts, value.elts, strict=True):
                yield from _assigned(part, given)
        else:
            for part in target.elts:
                yield from _each(part, value)


def _each(target: ast.expr, items: ast.expr) -> Iterator[_Bound]:
    """What is bound to each item; `zip` and `enumerate` are looked through."""
    if isinstance(target, ast.Name):
        yield _Bound(target.id, _place(target), items, is_each=True)
    elif isinstance(target, ast.Starred) and isinstance(target.value, ast.Name):
        yield _Bound(target.value.id, _place(target), items)
    elif isinstance(target, ast.Tuple) and isinstance(items, ast.Call) and isinstance(items.func, ast.Name):
        parts = target.elts[1:] if items.func.id == 'enumerate' else target.elts if items.func.id == 'zip' else []
        for part, given in zip(parts, items.args, strict=False):
            yield from _each(part, given)


def _mapped(call: ast.Call) -> Iterator[_Bound]:
    """`map(lambda size: …, shape)`."""
    function = call.args[0] if call.args and dotted_name(call.func) == 'map' else None
    if isinstance(function, ast.Lambda):
        for parameter, items in zip(function.args.args, call.args[1:], strict=False):
            yield _Bound(parameter.arg, _place(function), items, is_each=True)
