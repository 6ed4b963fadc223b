"""Compares what the two sides returned for one output in one case: bits first, then numbers within a tolerance.

Floating point values count as equal where `|new - old| <= s * scale + r * |old|`. The scale is the largest finite
magnitude that the old side returned: rounding errors are as large as the largest numbers that were added up, so that
elements near zero need it. Measured between TensorFlow versions, oneDNN and grappler on and off: see TOLERANCES.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from migrate.verify.results import Verdict
from migrate.verify.worker import RAW_TYPES, Tensor


@dataclass(frozen=True)
class Tolerance:
    """`s` is relative to the scale of the whole tensor, `r` to the element, `a` is absolute."""

    s: float
    r: float
    a: float = 0.0


TOLERANCES = {
    'float64': Tolerance(1e-12, 1e-9),
    'complex128': Tolerance(1e-12, 1e-9),
    'float32': Tolerance(2e-6, 1e-4),
    'complex64': Tolerance(2e-6, 1e-4),
    'float16': Tolerance(2e-2, 1e-2),
    'bfloat16': Tolerance(5e-2, 2e-2),
}
# Values so much larger than the typical one (a mask of -1e9 among logits) don't make its rounding error larger.
_OUTLIER = 1e4


@dataclass(frozen=True)
class Comparison:
    """One output in one case."""

    verdict: Verdict
    message: str = ''
    max_abs_difference: float | None = None
    max_magnitude: float | None = None
    index: tuple[int, ...] = ()
    old: str = ''
    new: str = ''
    """The values at `index`, where the two sides differ most; empty where they don't."""
    empty: bool = False
    """Whether there was nothing to compare: no elements, or only NaN."""


def compare(old: Tensor, new: Tensor, tolerance: Tolerance | None = None) -> Comparison:
    """Compares two tensors; the verdict is identical, equal or different.

    Without a tolerance it is that of the dtype: see TOLERANCES. Integers are within one only if it is given.
    """
    if old.dtype != new.dtype:
        return Comparison(Verdict.DIFFERENT, f'dtype was {old.dtype}, is {new.dtype}')
    if old.array.shape != new.array.shape:
        shapes = f'shape was {list(old.array.shape)}, is {list(new.array.shape)}'
        return Comparison(Verdict.DIFFERENT, shapes)
    if old.dtype not in TOLERANCES:
        return _compare_exactly(old, new, tolerance)
    return _compare_numbers(old, new, tolerance or TOLERANCES[old.dtype])


def _compare_exactly(old: Tensor, new: Tensor, tolerance: Tolerance | None) -> Comparison:
    a, b = old.array, new.array
    numeric = old.dtype not in ('string', 'bool') and old.dtype not in RAW_TYPES
    magnitude = float(np.max(np.abs(a.astype(np.float64)))) if numeric and a.size else None
    wrong = a != b
    if not np.any(wrong):
        return Comparison(Verdict.IDENTICAL, '', 0.0 if numeric else None, magnitude, empty=a.size == 0)
    distances = np.abs(a.astype(np.float64) - b.astype(np.float64)) if numeric else wrong.astype(np.float64)
    # Where 64-bit integers differ by less than float64 can tell, any wrong element is as telling.
    index = _position(np.where(wrong, np.maximum(distances, np.finfo(np.float64).tiny), 0.0))
    if tolerance and numeric and np.all(distances <= tolerance.a + tolerance.r * np.abs(a.astype(np.float64))):
        most = float(distances.max())
        values = (_show(a[index]), _show(b[index]))
        return Comparison(Verdict.EQUAL, _slack(most, magnitude), most, magnitude, index, *values)
    message = f'{int(np.sum(wrong))} of {a.size} elements differ; {old.dtype} must be the same'
    largest = float(distances.max()) if numeric else None
    return Comparison(Verdict.DIFFERENT, message, largest, magnitude, index, _show(a[index]), _show(b[index]))


def _compare_numbers(old: Tensor, new: Tensor, tolerance: Tolerance) -> Comparison:
    a, b = real_numbers(old), real_numbers(new)
    finite = np.isfinite(a) & np.isfinite(b)
    with np.errstate(invalid='ignore', over='ignore'):
        distances = np.where(finite, np.abs(a - b), 0.0)
    magnitude = _magnitude(a)
    largest = float(distances.max()) if distances.size else 0.0
    empty = bool(a.size == 0 or np.all(np.isnan(a)))
    if old.array.tobytes() == new.array.tobytes():
        return Comparison(Verdict.IDENTICAL, '', 0.0, magnitude, empty=empty)
    index = _worst(a, b, finite, distances, old.array.shape)
    values = (_show(_element(old, index)), _show(_element(new, index)))
    same_kind = np.where(finite, True, (a == b) | (np.isnan(a) & np.isnan(b)))
    if not np.all(same_kind):
        count = int(np.sum(~same_kind))
        message = f'{count} of {a.size} elements are NaN or infinite on one side only'
        return Comparison(Verdict.DIFFERENT, message, largest, magnitude, index, *values)
    scale = _scale(a)
    allowed = tolerance.a + tolerance.s * scale + tolerance.r * np.where(finite, np.abs(a), 0.0)
    wrong = distances > allowed
    if not np.any(wrong):
        return Comparison(Verdict.EQUAL, _slack(largest, magnitude), largest, magnitude, index, *values, empty=empty)
    message = _excess(a, distances, allowed, wrong, scale, tolerance)
    return Comparison(Verdict.DIFFERENT, message, largest, magnitude, index, *values)


def _slack(largest: float, magnitude: float | None) -> str:
    return f'largest difference {largest:.3g} among values up to {magnitude or 0.0:.3g}'


def _excess(a: Any, distances: Any, allowed: Any, wrong: Any, scale: float, tolerance: Tolerance) -> str:
    """The numbers, and which tolerance would have passed."""
    worst = np.unravel_index(int(np.argmax(np.where(wrong, distances - allowed, -1.0))), a.shape)
    excess = distances - tolerance.r * np.abs(np.where(np.isfinite(a), a, 0.0))
    absolute = f'a={tolerance.a:g}, ' if tolerance.a else ''
    needed = f's={float(excess.max()) / scale:.2g}' if scale else f'an absolute {float(excess.max()):.2g}'
    return (
        f'{int(np.sum(wrong))} of {a.size} elements differ by more than allowed: '
        f'{float(distances[worst]):.3g} where {float(allowed[worst]):.3g} is allowed '
        f'({absolute}s={tolerance.s:g} of {scale:.3g}, r={tolerance.r:g}); {needed} would have passed'
    )


def real_numbers(tensor: Tensor) -> Any:
    """float64; complex numbers as pairs along a new last axis."""
    if tensor.dtype == 'bfloat16':
        return (tensor.array.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    array = tensor.array
    if tensor.dtype.startswith('complex'):
        return np.stack([array.real, array.imag], axis=-1).astype(np.float64)
    return array.astype(np.float64)


def _element(tensor: Tensor, index: tuple[int, ...]) -> Any:
    if tensor.dtype == 'bfloat16':
        return real_numbers(tensor)[index]
    return tensor.array[index]


def _magnitude(values: Any) -> float | None:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else None


def _scale(values: Any) -> float:
    """The largest finite magnitude, without outliers; but these never make it smaller than 1."""
    finite = np.sort(np.abs(values[np.isfinite(values)]))
    finite = finite[finite > 0]
    if not finite.size:
        return 0.0
    typical = finite[(finite.size - 1) // 2]
    usual = finite[finite <= typical * _OUTLIER]
    return float(max(usual[-1], min(finite[-1], 1.0)))


def _worst(a: Any, b: Any, finite: Any, distances: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where one side only is NaN or infinite; else where the distance is largest. Complex pairs share an index."""
    kinds = ~finite & ~((a == b) | (np.isnan(a) & np.isnan(b)))
    return _position(np.where(kinds, np.inf, distances))[: len(shape)]


def _position(distances: Any) -> tuple[int, ...]:
    return tuple(int(place) for place in np.unravel_index(int(np.argmax(distances)), distances.shape))


def _show(value: Any) -> str:
    if isinstance(value, bytes):
        return repr(value if len(value) <= 60 else value[:60] + b'...').removeprefix('b')
    return str(value.item()) if isinstance(value, np.integer | np.bool_) else str(value)
