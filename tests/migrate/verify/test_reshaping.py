"""Requests in other shapes, for new models that refuse those that the old model took."""

from __future__ import annotations

import numpy as np
import pytest

from migrate.saved_model.contract import Shape, SignatureContract, TensorContract
from migrate.verify.reshaping import to_send, with_reshaped
from migrate.verify.runs import Case
from migrate.verify.worker import Tensor


def signature(**shapes: Shape) -> SignatureContract:
    inputs = {name: TensorContract(name, 'float32', shape) for name, shape in shapes.items()}
    return SignatureContract('a', '', inputs, {})


def batch(size: int, **shapes: tuple[int, ...]) -> Case:
    arrays = {name: np.arange(np.prod((size, *rest)), dtype='f').reshape(size, *rest) for name, rest in shapes.items()}
    return Case(f'batch of {size}', {name: Tensor('float32', array) for name, array in arrays.items()})


@pytest.mark.parametrize('new', [(4,), (2, 2), (None,), (1, None, 1, 2), (None, 4, 1)])
def test_rows_get_the_shape_that_the_new_model_takes(new: Shape) -> None:
    first, second, more, *others = with_reshaped([batch(2, x=(4,))], signature(x=(None, 4)), signature(x=new))
    assert (first.instead, others) == ({}, [])
    assert more.tensors['x'].array.tolist() == [[4, 5, 6, 7]]
    assert more.instead['x'].array.ravel().tolist() == [4, 5, 6, 7]
    assert all(size in (None, got) for size, got in zip(new or (), more.instead['x'].array.shape, strict=True))
    assert second.name == 'row 1 of batch of 2, in the shape that the new model takes'


def test_only_what_is_refused_is_reshaped_and_said() -> None:
    old, new = signature(x=(None, 4), y=(None, 2)), signature(x=(4,), y=(None, 2))
    *_, case = with_reshaped([batch(2, x=(4,), y=(2,))], old, new)
    assert set(case.instead) == {'x'}
    assert to_send([case]) == [
        'compared with inputs in the shapes that the new model takes: send "x" as [4] instead of [1, 4]'
    ]


@pytest.mark.parametrize('new', [(None, 4), None, (None, None), (2, 4), (5,), (None, None, 3), (0,)])
def test_nothing_is_reshaped_where_a_case_is_taken_or_none_can_be(new: Shape) -> None:
    cases = (batch(2, x=(4,)), batch(3, x=(4,)))
    assert with_reshaped(cases, signature(x=(None, 4)), signature(x=new)) == cases


def test_inputs_that_are_gone_cannot_be_reshaped() -> None:
    cases = (batch(1, x=(4,)),)
    assert with_reshaped(cases, signature(x=(None, 4)), signature(z=(4,))) == cases
