"""Explains how an output differs: its input row, how the differences are spread, and a first look at the cause.

Only what both sides returned is looked at: each line is an observation, none is a proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from migrate.saved_model.schema import parse_binary
from migrate.verify.comparison import TOLERANCES, Tolerance, real_numbers
from migrate.verify.worker import Tensor

_CLOSE = Tolerance(1e-5, 1e-4)
_MOST_SHOWN = 6
_MOST_COLUMNS = 4096
_MOST_CHARACTERS = 60
_FLOATS = tuple(TOLERANCES)


def explain(
    name: str,
    index: tuple[int, ...],
    old: Mapping[str, Tensor],
    new: Mapping[str, Tensor],
    inputs: Mapping[str, Tensor],
) -> list[str]:
    """Lines about one output in the case where it differs most, at `index`."""
    lines = list(_input_row(index, old[name], inputs))
    a, b = old[name], new[name]
    if a.dtype != b.dtype:
        return lines
    if a.array.shape != b.array.shape:
        return [*lines, *_shapes(a, b)]
    if a.dtype in _FLOATS:
        return [*lines, *_numbers(real_numbers(a), real_numbers(b))]
    return [*lines, *_labels(a, b, old)]


def _input_row(index: tuple[int, ...], output: Tensor, inputs: Mapping[str, Tensor]) -> Iterator[str]:
    """What was fed for the row of the output that differs most, where rows stand for each other."""
    if not index or not output.array.ndim:
        return
    rows = len(output.array)
    shown = [
        f'{name}[{index[0]}] = {_show(tensor.array[index[0]], tensor.dtype)}'
        for name, tensor in inputs.items()
        if tensor.array.ndim and len(tensor.array) == rows > index[0]
    ]
    if shown:
        yield f'its input: {"; ".join(shown)}'


def _show(value: Any, dtype: str) -> str:
    flat = np.asarray(value, dtype=object).ravel().tolist()
    if dtype == 'string':
        texts = [_text(each) for each in flat]
    else:
        texts = [f'{each:.6g}' if isinstance(each, float) else str(each) for each in flat]
    shown = ', '.join(texts[:_MOST_SHOWN]) + (f', … ({len(texts)} values)' if len(texts) > _MOST_SHOWN else '')
    return f'[{shown}]' if np.ndim(value) else shown


def _text(value: bytes) -> str:
    """A string; what a tf.Example holds if it is one."""
    features = _features(value)
    if features:
        return '{' + ', '.join(f'{key}: {_show(np.array(held, object), dtype)}' for key, dtype, held in features) + '}'
    return repr(value[:_MOST_CHARACTERS]).removeprefix('b') + '…' * (len(value) > _MOST_CHARACTERS)


def _features(value: bytes) -> list[tuple[str, str, list[Any]]]:
    try:
        features = parse_binary('Example', value).features.feature
    except ValueError:
        return []
    found = []
    for key, feature in sorted(features.items()):
        kind = feature.WhichOneof('kind')
        if kind:
            found.append((key, 'string' if kind == 'bytes_list' else '', list(getattr(feature, kind).value)))
    return found


def _shapes(a: Tensor, b: Tensor) -> Iterator[str]:
    if np.array_equal(a.array.T, b.array):
        yield 'it is the old one transposed'
    elif a.array.size == b.array.size and np.array_equal(a.array.ravel(), b.array.ravel()):
        yield 'its values are those of the old one, in another shape'


def _numbers(a: Any, b: Any) -> Iterator[str]:
    both = np.isfinite(a) & np.isfinite(b)
    if not both.any():
        return
    distances = np.abs(np.where(both, a, 0.0) - np.where(both, b, 0.0))[both]
    middle, most = np.quantile(distances, [0.5, 0.9])
    yield f'differences: half up to {middle:.3g}, nine in ten up to {most:.3g}, the largest {distances.max():.3g}'
    if not both.all():
        return
    if not _same(a, b):
        yield from _causes(a, b)
    if a.ndim == 2 and a.shape[1] > 1:
        agree = int(np.sum(a.argmax(axis=1) == b.argmax(axis=1)))
        yield f'the largest value of a row is at the same place in {agree} of {len(a)} rows'


def _causes(a: Any, b: Any) -> Iterator[str]:
    """Simple relations between the two that would explain all of the difference; the first that holds."""
    used = np.abs(a) > 1e-6 * max(float(np.abs(a).max()), 1e-30)
    factor = float(np.median(b[used] / a[used])) if used.any() else 1.0
    offset = float(np.median(b - a))
    if _same(-a, b):
        yield 'each value is the old one with the other sign'
    elif a.size > 1 and _same(a * factor, b):
        yield f'each value is {factor:.6g} times the old one'
    elif a.size > 1 and _same(a + offset, b):
        yield f'each value is the old one plus {offset:.6g}'
    elif a.ndim and len(a) > 2 and _same(a[1:], b[:-1]):
        yield 'each row is the next one of the old model: the batch is off by one'
    elif a.ndim and len(a) > 2 and _same(a[:-1], b[1:]):
        yield 'each row is the one before of the old model: the batch is off by one'
    elif a.ndim == 2 and a.shape[0] == a.shape[1] and _same(a.T, b):
        yield 'it is the old one transposed'
    elif (columns := _permutation(a.T, b.T)) is not None:
        yield f'its columns are those of the old one in another order: {columns}'
    elif (rows := _permutation(a, b)) is not None:
        yield f'its rows are those of the old one in another order: {rows}'
    elif a.ndim == 2 and _same(np.sort(a, axis=1), np.sort(b, axis=1)):
        yield 'each row holds the values of the old one in another order'


def _permutation(a: Any, b: Any) -> str | None:
    """Where the rows of `b` stand in `a`, if they are the same in another order."""
    if a.ndim != 2 or not 1 < len(a) <= _MOST_COLUMNS or len(np.unique(a, axis=0)) < len(a):
        return None
    first, second = np.lexsort(a.T[::-1]), np.lexsort(b.T[::-1])
    if not _same(a[first], b[second]):
        return None
    places = np.empty(len(a), dtype=int)
    places[second] = first
    shown = ', '.join(map(str, places[:_MOST_SHOWN].tolist()))
    return f'[{shown}{", …" if len(places) > _MOST_SHOWN else ""}]'


def _same(a: Any, b: Any) -> bool:
    scale = float(np.abs(a).max()) if a.size else 0.0
    return bool(a.shape == b.shape and np.all(np.abs(a - b) <= _CLOSE.s * scale + _CLOSE.r * np.abs(a)))


def _labels(a: Tensor, b: Tensor, old: Mapping[str, Tensor]) -> Iterator[str]:
    """Of labels and other exact values: whether they are the same in another order, and how close the scores are."""
    if not a.array.ndim:
        return
    if a.array.ndim == 2 and all(
        sorted(left) == sorted(right) for left, right in zip(a.array.tolist(), b.array.tolist(), strict=True)
    ):
        yield 'each row holds the values of the old one in another order'
    wrong = np.any((a.array != b.array).reshape(len(a.array), -1), axis=1)
    yield f'{int(wrong.sum())} of {len(wrong)} rows differ'
    for name, scores in sorted(old.items()):
        if scores.dtype in _FLOATS and scores.array.ndim == 2 and scores.array.shape[0] == len(wrong):
            yield from _gaps(name, real_numbers(scores), np.flatnonzero(wrong))


def _gaps(name: str, scores: Any, rows: Any) -> Iterator[str]:
    if scores.shape[1] < 2:
        return
    highest = np.sort(scores[rows], axis=1)[:, -2:]
    gaps = highest[:, 1] - highest[:, 0]
    place = int(np.argmin(gaps))
    yield (
        f'in "{name}" of the old model the two highest scores of these rows are {gaps.min():.3g} to {gaps.max():.3g} '
        f'apart; in row {rows[place]} they are {highest[place, 1]:.6g} and {highest[place, 0]:.6g}'
    )
