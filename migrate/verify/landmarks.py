"""Finds values at which a model may change its ways: beside the constants that an input is compared with or cut at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from migrate.saved_model.graph import Use
from migrate.saved_model.schema import data_type_name
from migrate.verify.vocabularies import constant, constant_or_default

Landmarks = tuple[bytes | float, ...]
"""Numbers are floats here, whatever the dtype that they become part of."""

ARITHMETIC = (
    *('Add', 'AddV2', 'AddN', 'Sub', 'Mul', 'Neg', 'Div', 'RealDiv', 'Relu', 'StringToNumber', 'Square', 'Sqrt'),
    *('MatMul', 'BatchMatMul', 'BatchMatMulV2', 'BiasAdd', 'SquaredDifference', 'Sum', 'Mean', 'Max', 'Min'),
)
"""What moves a number, so that it is compared with something else than what was fed."""

_COMPARISONS = (
    *('Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'Minimum', 'Maximum'),
    *('ClipByValue', 'FloorMod', 'FloorDiv', 'TruncateMod', 'TruncateDiv', 'Mod', 'Div'),
)
_OF_SIGNS = ('Abs', 'Sign', 'Relu')
_OF_FRACTIONS = ('Round', 'Rint', 'Floor', 'Ceil')
_OF_NO_NUMBERS = ('IsNan', 'IsInf', 'IsFinite')
_OF_LETTERS = (
    *('StringStrip', 'StringLower', 'StringUpper', 'StringLength', 'Substr', 'StringSplit', 'StringSplitV2'),
    *('RegexReplace', 'StaticRegexReplace', 'RegexFullMatch', 'StaticRegexFullMatch'),
    *('UnicodeTranscode', 'UnicodeDecode', 'UnicodeDecodeWithOffsets'),
)
_HALVES = (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)
_LONG_TEXT = b' '.join(b'word%d' % number for number in range(150))  # longer than what models cut texts to
_TEXTS = (
    *(b'', b' two  words ', 'ÀÉ straße'.encode(), b'\xff\xfe', b'one,two;three\tfour\nfive', b'555-0199'),
    b'<p class="a">0123456789 @me #it (a.b@example.com) https://example.com/?q=1&r=%20 costs $1,234.50!</p>',
    _LONG_TEXT,
)
_MOST = 50
_LITTLE = 0.01
_LARGEST = 1e6
"""Constants beyond stand for infinity: what is computed from them overflows sooner or later."""


def landmarks_at(use: Use, is_moved: bool) -> Landmarks:
    """Values for a tensor that is used so; if it was moved, such that are not exactly those compared with."""
    op = use.node.op
    if op in _OF_LETTERS and use.position == 0:
        return _TEXTS
    if op in _OF_NO_NUMBERS:
        return (math.nan, math.inf, -math.inf)
    if not is_moved and (op in _OF_FRACTIONS or (op == 'Cast' and _cuts(use.node))):
        return _HALVES
    constants = [0.0] if op in _OF_SIGNS else _constants(use)
    return tuple(dict.fromkeys(value for each in constants for value in _around(each, is_moved)))


def large_at(use: Use) -> Landmarks:
    """Values beyond which a whole number overflows that is multiplied so."""
    if use.node.op != 'Mul' or not data_type_name(use.node.attr['T'].type).startswith('int'):
        return ()
    bits = int(data_type_name(use.node.attr['T'].type).removeprefix('int'))
    value = constant(use.graph, use.node, 1 - use.position)
    factors = [abs(float(each)) for each in value.ravel()[:_MOST]] if value is not None else []
    return tuple(dict.fromkeys(1.5 * 2.0 ** (bits - 1) // factor for factor in factors if factor > 1))


def is_little_at(use: Use) -> bool:
    """Whether so little is added to a number, as the epsilon of a normalisation, that only small ones show it."""
    if use.node.op not in ('Add', 'AddV2', 'Maximum'):
        return False
    value = constant(use.graph, use.node, 1 - use.position)
    if value is None or value.size != 1 or value.dtype.kind != 'f':
        return False
    return bool(0 < abs(value.item()) < _LITTLE)


def _cuts(cast: Any) -> bool:
    return 'int' in data_type_name(cast.attr['DstT'].type)


def _constants(use: Use) -> list[Any]:
    if use.node.op == 'Bucketize':
        return list(use.node.attr['boundaries'].list.f)[:_MOST]
    if use.node.op not in _COMPARISONS:
        return []
    others = (place for place in range(3) if place != use.position)
    values = (constant_or_default(use.graph, use.node, place) for place in others)
    return [each for value in values if value is not None and value.size <= _MOST for each in value.ravel().tolist()]


def _around(value: Any, is_moved: bool) -> Iterator[bytes | float]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        step = max(1.0, abs(value))
        # On the constant itself rounding decides what becomes of a number that was moved.
        yield from () if is_moved else (float(value), value - step / 100, value + step / 100)
        yield from (value + step * factor for factor in (0.1, 0.37, 1.9, -2.1))


def as_dtype(landmarks: Landmarks, dtype: str) -> list[Any]:
    """Those that a dtype can hold, as its values."""
    if dtype == 'string':
        return [each for each in landmarks if isinstance(each, bytes)]
    numbers = [each for each in landmarks if not isinstance(each, bytes)]
    if 'int' not in dtype:
        return [] if dtype == 'bool' else numbers
    bits = int(dtype.lstrip('uqint'))
    least, most = (0, 2**bits) if dtype.startswith(('u', 'qu')) else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    found = (whole for each in numbers if math.isfinite(each) for whole in (math.floor(each), math.ceil(each)))
    return [whole for whole in dict.fromkeys(found) if least <= whole < most]
