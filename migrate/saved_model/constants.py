"""Turns TensorProto messages into numpy arrays, without TensorFlow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from migrate.saved_model.schema import data_type_name

Array = npt.NDArray[Any]

# Where a dtype's values stand when they are not packed into `tensor_content`.
_VALUE_FIELDS = {
    'float32': 'float_val',
    'float64': 'double_val',
    'int32': 'int_val',
    'int16': 'int_val',
    'int8': 'int_val',
    'uint8': 'int_val',
    'uint16': 'int_val',
    'int64': 'int64_val',
    'uint32': 'uint32_val',
    'uint64': 'uint64_val',
    'bool': 'bool_val',
    'string': 'string_val',
}


def tensor_value(tensor: Any) -> Array | None:
    """The values of a TensorProto, strings as an object array; None for dtypes that nobody here needs to read."""
    dtype = data_type_name(tensor.dtype)
    if dtype not in _VALUE_FIELDS:
        return None
    shape = tuple(dim.size for dim in tensor.tensor_shape.dim)
    numpy_type = object if dtype == 'string' else dtype
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, dtype=numpy_type).reshape(shape)
    values = list(getattr(tensor, _VALUE_FIELDS[dtype]))
    return _filled(values, shape, numpy_type)


def _filled(values: list[Any], shape: tuple[int, ...], numpy_type: Any) -> Array:
    """TensorFlow drops repeated values at the end, and all of them where they are zero."""
    count = math.prod(shape)
    last = values[-1] if values else (b'' if numpy_type is object else 0)
    flat = np.empty(count, dtype=numpy_type)
    flat[:] = last
    kept = values[:count]
    for index, value in enumerate(kept):
        flat[index] = value
    return flat.reshape(shape)
