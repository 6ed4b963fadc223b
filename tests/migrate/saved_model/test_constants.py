from __future__ import annotations

import numpy as np
import pytest

from migrate.saved_model.constants import tensor_value
from migrate.saved_model.schema import message_class, tensor_shape
from tests.migrate.saved_model.messages import INT32, STRING


def tensor(dtype: int, shape: list[int], **values: object) -> object:
    message = message_class('TensorProto')(dtype=dtype, **values)
    for size in shape:
        message.tensor_shape.dim.add(size=size)
    return message


def test_packed_values() -> None:
    value = tensor_value(tensor(INT32, [2, 1], tensor_content=np.array([5, -6], dtype=np.int32).tobytes()))
    assert value is not None
    assert value.tolist() == [[5], [-6]]


@pytest.mark.parametrize(('values', 'read'), [([1, 2, 3], [1, 2, 3]), ([1, 2], [1, 2, 2]), ([], [0, 0, 0])])
def test_values_that_tensorflow_leaves_out_are_filled_in(values: list[int], read: list[int]) -> None:
    value = tensor_value(tensor(INT32, [3], int_val=values))
    assert value is not None
    assert value.tolist() == read


def test_strings_are_bytes() -> None:
    value = tensor_value(tensor(STRING, [], string_val=[b'\xff\0']))
    assert value is not None
    assert value.item() == b'\xff\0'


def test_other_dtypes_are_left_alone() -> None:
    assert tensor_value(tensor(14, [1])) is None


def test_shapes() -> None:
    assert tensor_shape(message_class('TensorShapeProto')(unknown_rank=True)) is None
    assert tensor_shape(message_class('TensorShapeProto')(dim=[{'size': -1}, {'size': 2}])) == (None, 2)
