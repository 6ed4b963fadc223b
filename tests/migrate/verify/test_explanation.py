from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from migrate.saved_model.schema import message_class
from migrate.verify.explanation import explain
from migrate.verify.values import to_array
from migrate.verify.worker import Tensor

ROWS = np.array([[1.0, 5.0, 2.0], [4.0, 3.0, 9.0], [7.0, 0.5, 6.0], [2.5, 8.0, 1.5]])


def said(old: Any, new: Any, dtype: str = 'float32', **inputs: Tensor) -> str:
    tensors = [{'y': Tensor(dtype, np.array(each, dtype=dtype))} for each in (old, new)]
    return '\n'.join(explain('y', (1,) * np.ndim(old), *tensors, inputs))


def words(*values: bytes) -> Tensor:
    return Tensor('string', to_array('string', list(values), (len(values),)))


@pytest.mark.parametrize(
    ('new', 'cause'),
    [
        (ROWS * 1.01, 'each value is 1.01 times the old one'),
        (ROWS + 0.25, 'each value is the old one plus 0.25'),
        (-ROWS, 'with the other sign'),
        (ROWS[:, [1, 2, 0]], 'its columns are those of the old one in another order: [1, 2, 0]'),
        (ROWS[[3, 1, 0, 2]], 'its rows are those of the old one in another order: [3, 1, 0, 2]'),
        (np.roll(ROWS, -1, axis=0), 'each row is the next one of the old model: the batch is off by one'),
        (np.roll(ROWS, 1, axis=0), 'each row is the one before of the old model: the batch is off by one'),
        (np.sort(ROWS, axis=1), 'each row holds the values of the old one in another order'),
        (ROWS.T, 'it is the old one transposed'),
        (ROWS.reshape(3, 4), 'in another shape'),
    ],
)
def test_a_simple_cause_is_named(new: Any, cause: str) -> None:
    assert cause in said(ROWS, new)


def test_where_there_is_no_simple_cause_none_is_made_up() -> None:
    lines = said(ROWS, ROWS + np.arange(12).reshape(4, 3) ** 2).splitlines()
    assert [line.split(':')[0] for line in lines] == [
        'differences',
        'the largest value of a row is at the same place in 2 of 4 rows',
    ]


def test_differences_of_the_size_of_rounding_have_no_cause() -> None:
    assert 'each value' not in said(ROWS, ROWS * (1 + 1e-6))


def test_the_spread_is_told() -> None:
    new = ROWS.copy()
    new[2, 1] += 3
    assert 'differences: half up to 0, nine in ten up to 0, the largest 3' in said(ROWS, new)


def test_the_row_of_the_input_is_shown() -> None:
    x = Tensor('float32', np.arange(8, dtype=np.float32).reshape(4, 2))
    scalar = Tensor('bool', np.array(True))
    assert 'its input: w[1] = b; x[1] = [2, 3]'.replace('b;', "'b';") in said(
        ROWS, ROWS + 1, w=words(b'a', b'b', b'c', b'd'), x=x, training=scalar
    )


def test_of_a_serialized_example_its_features_are_shown() -> None:
    example = message_class('Example')()
    example.features.feature['sizes'].float_list.value.extend([1.5, 2])
    example.features.feature['name'].bytes_list.value.append(b'iris')
    rows = words(*[example.SerializeToString()] * 4)
    assert "its input: e[1] = {name: ['iris'], sizes: [1.5, 2]}" in said(ROWS, ROWS + 1, e=rows)


def test_labels_that_flip_are_shown_with_the_gap_between_their_scores() -> None:
    scores = Tensor('float32', np.array([[0.9, 0.1], [0.5001, 0.4999], [0.2, 0.8]], dtype=np.float32))
    old = {'class': words(b'a', b'a', b'b'), 'scores': scores}
    lines = '\n'.join(explain('class', (1,), old, old | {'class': words(b'a', b'b', b'b')}, {}))
    assert '1 of 3 rows differ' in lines
    assert 'apart; in row 1 they are 0.5001 and 0.4999' in lines


def test_nan_and_infinity_are_left_out_of_the_numbers() -> None:
    assert 'the largest 1' in said([[1.0, np.nan], [np.inf, 2.0]], [[2.0, 1.0], [np.inf, 2.0]])
