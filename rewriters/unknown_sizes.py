"""Finds where TensorFlow 1's code asks for a size, or a shape, that may not be known: TensorFlow 2 answers otherwise.

https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.mentions import places_of
from rewriters.names import Locator
from rewriters.names.decide import proves_tensorflow_1
from rewriters.names.uses import find_uses
from rewriters.scopes import holds_any
from rewriters.symbols import Symbols, dotted_name

UNKNOWN = explain(
    'NAM305',
    'A size that is not known is None in TensorFlow 2',
    """
    In TensorFlow 1, a size that is not known is a Dimension: it `is` not None, equals nothing, and is true, as 0 is,
    too. In TensorFlow 2 it is None. A condition on it goes the other way then, and no error says so.

        if x.shape[0] is None: ...          # never in TensorFlow 1
        n = x.get_shape()[1] or 7           # a Dimension in TensorFlow 1, 7 in TensorFlow 2
        if x.get_shape() == [None, 3]: ...  # never in TensorFlow 1, where the shape is not all known

    Said only in files that are TensorFlow 1's as far as their names tell, of what is written as a part of a shape, and
    of names that nothing else is bound to; nothing is said where the file switches TensorFlow 2's behavior off.

    To do: see which way TensorFlow 1 went, since that is what was trained and served. Where the condition was to tell
    whether a size is known, TensorFlow 2 does what was meant, and the model may be another one.

    https://www.tensorflow.org/api_docs/python/tf/TensorShape
    https://www.tensorflow.org/guide/migrate/tf1_vs_tf2
    """,
)
_SWITCHES = frozenset({'disable_v2_behavior', 'disable_v2_tensorshape'})
_SHAPES = ('.shape', 'get_shape')
_PART = r'(?:\.|get_)shape(?:\(\s*\))?\s*\[\s*[-\w]+\s*\]'
_BEHIND = r'\s*(?:is\b|or\b|and\b|[=!]=\s*None)'
_ASKED = re.compile(rf'{_PART}{_BEHIND}|(?:\.|get_)shape(?:\(\s*\))?\s*[=!]=')
_GIVEN = re.compile(rf'{_PART}[ \t]*(?:#.*)?$', re.MULTILINE)
_NAMED = re.compile(r'^\s*(\w+)[ \t]*=[ \t]*[\w. \t]*\Z')
_WORDS_BEFORE = ('if', 'not', 'while')
_WORDS_BEHIND = ('is', 'or', 'and', '==', '!=')
_ADVICE = '`savedmodel-migrate explain NAM305` says which way each goes.'


def find_unknown_sizes(text: str, symbols: Symbols, consumed: Sequence[Place], is_switched: bool) -> list[Finding]:
    """A finding for each condition that an unknown size turns round. `consumed` is what is rewritten of `text`."""
    places = [] if is_switched or not symbols.heads or 'hape' not in text else sorted(_places(text))
    if not places or not any(proves_tensorflow_1(use) for use in find_uses(symbols).uses):
        return []
    if any((dotted_name(call.func) or '').rpartition('.')[2] in _SWITCHES for call in symbols.walk.calls):
        return []
    locator = Locator(text)
    lines = [locator.place_at(start, 1).line for start in places]
    statements = [statement for statement in symbols.walk.body if holds_any(statement, lines)]
    findings = []
    for node, what in _Sizes(symbols, statements).asked():
        message = f'`{ast.unparse(node)}` {what}'
        findings.append(Finding(UNKNOWN, Confidence.MANUAL, locator.place(node), message, _ADVICE))
    return [each for each in findings if not any(stretch.covers(each.place) for stretch in consumed)]


def _places(text: str) -> Iterator[int]:
    """Where a shape, a part of one, or a name that is bound to one, may be asked for."""
    shapes = list(places_of(_SHAPES, text))  # by far quicker than to search for the expressions
    yield from (start for start in shapes if _ASKED.match(text, start))
    starts = [start for start in shapes if _GIVEN.match(text, start)]
    named = [_NAMED.search(text[text.rfind('\n', 0, start) + 1 : start]) for start in starts]
    for name in {match[1] for match in named if match is not None}:
        words = [f'{name} {word}' for word in _WORDS_BEHIND] + [f'{word} {name}' for word in _WORDS_BEFORE]
        if any(word in text for word in words):
            asked = re.compile(rf'\b{name}{_BEHIND}|\b(?:{"|".join(_WORDS_BEFORE)})\s+{name}\b')
            yield from (match.start() for match in asked.finditer(text))


class _Sizes:
    """What is a size of a tensor's static shape in a module, as far as it tells."""

    def __init__(self, symbols: Symbols, statements: Sequence[ast.stmt]) -> None:
        self._symbols = symbols
        self._nodes = [node for statement in statements for node in ast.walk(statement)]
        self._bound: dict[tuple[object, str], list[ast.expr]] = {}
        simple = set()
        for assign in symbols.walk.assigns:
            for target in assign.targets:
                if isinstance(target, ast.Name):
                    self._bound.setdefault(self._key(target), []).append(assign.value)
                    simple.add(target)
        stored = (node for node in self._nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
        self._others = {node.arg for node in self._nodes if isinstance(node, ast.arg)}
        self._others |= {node.id for node in stored if node not in simple}

    def asked(self) -> Iterator[tuple[ast.expr, str]]:
        """Each condition that is another in TensorFlow 2 where the size is not known, and what it is there."""
        asserted = {
            node.test for node in self._nodes if isinstance(node, ast.Assert)
        }  # or TensorFlow 1 went no further
        for node in self._nodes:
            if node in asserted:
                continue
            if isinstance(node, ast.Compare) and len(node.ops) == 1:
                yield from self._compared(node, node.left, node.ops[0], node.comparators[0])
            elif isinstance(node, ast.BoolOp):
                yield from self._true(node.values[:-1])
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                yield from self._true([node.operand])
            elif isinstance(node, ast.If | ast.IfExp | ast.While):
                yield from self._true([node.test])

    def _compared(
        self, node: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr
    ) -> Iterator[tuple[ast.expr, str]]:
        if _is_none(right) and self._is_size(left):
            if isinstance(op, ast.Is | ast.Eq):
                yield node, 'is never true in TensorFlow 1, and is in TensorFlow 2 where the size is not known'
            elif isinstance(op, ast.IsNot):
                yield node, 'is always true in TensorFlow 1, and is not in TensorFlow 2 where the size is not known'
            elif isinstance(op, ast.NotEq):
                yield node, 'is never true in TensorFlow 1, and is in TensorFlow 2 where the size is known'
        elif isinstance(op, ast.Eq | ast.NotEq) and (_is_shape(left, right) or _is_shape(right, left)):
            yield (
                node,
                'finds shapes with a size that is not known unequal in TensorFlow 1, and compares them in TensorFlow 2',
            )

    def _true(self, nodes: Sequence[ast.expr]) -> Iterator[tuple[ast.expr, str]]:
        for node in nodes:
            if self._is_size(node):
                yield node, 'is true in TensorFlow 1 whatever the size, and false in TensorFlow 2 if that is not known'

    def _is_size(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            values = self._bound.get(self._key(node), []) if node.id not in self._others else []
            return bool(values) and all(_is_part(value) for value in values)
        return _is_part(node)

    def _key(self, node: ast.Name) -> tuple[object, str]:
        return self._symbols.scope_at(node.lineno, node.col_offset).owner(node.id), node.id


def _is_part(node: ast.expr) -> bool:
    """`x.get_shape()[0]`, `x.shape[-1]`"""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice | ast.Tuple):
        return False
    is_attribute = isinstance(node.value, ast.Attribute) and node.value.attr == 'shape'
    return is_attribute or _is_get_shape(node.value)


def _is_get_shape(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == 'get_shape'


def _is_shape(node: ast.expr, other: ast.expr) -> bool:
    """Whether it is the shape of a tensor; `x.shape` may be NumPy's, unless it is compared with what is not known."""
    if _is_get_shape(node):
        return True
    is_open = isinstance(other, ast.List | ast.Tuple) and any(_is_none(part) for part in other.elts)
    return is_open and isinstance(node, ast.Attribute) and node.attr == 'shape'


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
