# SPDX-License-Identifier: Apache-2.0
"""Makes input_fns of arrays and of pandas' data frames, as `tf.estimator.inputs` did in TensorFlow 1."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """Returns an input_fn that yields batches of arrays, shuffled anew in every epoch where asked for."""
    if shuffle not in (True, False):
        raise ValueError('shuffle must be given: True or False.')

    def input_fn() -> Any:
        arrays = tf.nest.map_structure(np.asarray, x if y is None else (x, y))
        sizes = {len(array) for array in tf.nest.flatten(arrays)}
        if len(sizes) != 1:
            raise ValueError(f'The arrays have different lengths: {sizes}')
        (size,) = sizes

        def batches() -> Iterator[Any]:
            left = np.arange(0)
            for _ in itertools.count() if num_epochs is None else range(num_epochs):
                left = np.concatenate([left, np.random.permutation(size) if shuffle else np.arange(size)])
                while len(left) >= batch_size:
                    rows, left = left[:batch_size], left[batch_size:]
                    yield tf.nest.map_structure(lambda array, rows=rows: array[rows], arrays)
            if len(left):
                yield tf.nest.map_structure(lambda array: array[left], arrays)

        return tf.data.Dataset.from_generator(batches, output_signature=tf.nest.map_structure(_spec_of, arrays))

    return input_fn


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = 'target',
) -> Callable[[], Any]:
    """Returns an input_fn that yields batches of the columns of a DataFrame, and of a Series or another frame."""

    def values(frame: Any) -> dict[str, Any]:
        return {name: frame[name].to_numpy() for name in frame.columns}

    labels = None if y is None else values(y) if hasattr(y, 'columns') else y.to_numpy()
    return numpy_input_fn(values(x), labels, batch_size, num_epochs, shuffle)


def _spec_of(array: Any) -> Any:
    return tf.TensorSpec([None, *array.shape[1:]], tf.string if array.dtype.kind in 'OSU' else array.dtype)
