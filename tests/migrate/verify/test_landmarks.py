"""Values beside the constants at which a model may change its ways."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.migrate.saved_model.messages import FLOAT, INT32, INT64, STRING
from tests.migrate.verify.handmade import Model


def test_values_beside_the_constants_that_a_number_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('limited', 'Minimum', 'x', model.constant('limit', FLOAT, [], [1000.0]))
    values = model.values('values beside constants')
    assert {990.0, 1000.0, 1010.0} <= set(values.tolist())
    assert values.max() > 2000
    assert values.min() < -1000


def test_a_number_that_was_computed_with_is_not_exactly_what_it_is_compared_with(tmp_path: Path) -> None:
    """On the constant itself the last bit would decide."""
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('double', 'Mul', 'x', model.constant('two', FLOAT, [], [2.0]))
    model.node('limited', 'Greater', 'double', model.constant('limit', FLOAT, [], [300.0]))
    values = model.values('values beside constants')
    assert 300.0 not in values
    assert min(values) < 150 < max(values)


def test_whole_numbers_beside_constants_fit_their_dtype(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(4, [-1]))  # uint8
    model.node('limited', 'Minimum', 'x', model.constant('limit', INT32, [], [200]))
    assert set(model.values('values beside constants').tolist()) == {198, 200, 202, 220}


def test_negative_numbers_where_signs_matter(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, [-1]))
    model.node('size', 'Abs', 'x')
    assert min(model.values('values beside constants')) < 0


def test_words_that_a_string_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('is', 'Equal', 'x', model.constant('word', STRING, [], [b'admin']))
    assert model.values('values beside constants').tolist() == [b'admin']


def test_the_empty_word_that_a_string_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('is', 'NotEqual', 'x', model.constant('word', STRING, [], [b'']))
    assert model.values('values beside constants').tolist() == [b'']


def test_texts_where_letters_matter(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('stripped', 'StringStrip', 'x')
    values = model.values('values beside constants')
    assert b'' in values
    assert any(value != value.strip() for value in values)


def test_small_numbers_where_an_epsilon_is_added(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 3]))
    model.node('square', 'SquaredDifference', 'x', 'x')
    model.node('variance', 'Mean', 'square', model.constant('axis', INT32, [1], [1]))
    epsilon = model.constant('epsilon', FLOAT, [], [1e-6])
    model.node('sum', 'AddV2', 'variance', epsilon)
    assert 0 < np.abs(model.values('small numbers')).max() < 1e-3


def test_long_texts_and_such_with_digits_and_marks_where_letters_matter(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('cleaned', 'StaticRegexReplace', 'x')
    values = model.values('values beside constants')
    assert max(map(len, values)) > 1000
    assert any(b'0123456789' in value and b'https://' in value for value in values)


def test_no_number_where_the_model_asks_for_it(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('is_nan', 'IsNan', 'x')
    assert np.isnan(model.values('values beside constants')).any()


def test_ids_stay_below_what_they_are_looked_up_in_whatever_they_are_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, [-1]))
    model.node('rows', 'Gather', model.constant('embedding', FLOAT, [5], [0.0] * 5), 'x')
    model.node('is', 'Equal', 'x', model.constant('limit', INT32, [], [100]))
    assert all(0 <= value < 5 for value in model.every())


def test_nothing_beside_constants_of_sums_and_masks(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('sum', 'Add', 'x', model.constant('bias', FLOAT, [], [3.0]))
    model.node('masked', 'Maximum', 'x', model.constant('mask', FLOAT, [], [-1e9]))
    assert 'values beside constants' not in {case.name for case in model.inputs().cases}


@pytest.mark.parametrize(('dtype', 'least'), [(INT32, 2**31), (INT64, 2**63)])
def test_whole_numbers_that_overflow_when_they_are_multiplied(tmp_path: Path, dtype: int, least: int) -> None:
    model = Model(tmp_path, x=(dtype, [-1]))
    model.node('more', 'Mul', model.constant('factor', dtype, [], [1000]), 'x', T={'type': dtype})
    (value,) = model.values('whole numbers that overflow')
    assert least <= 1000 * int(value) < 2 * least
    (case,) = [each for each in model.inputs().cases if each.name == 'whole numbers that overflow']
    assert case.apart


def test_numbers_do_not_overflow_where_they_are_ids_or_no_whole_numbers(tmp_path: Path) -> None:
    for dtype in (FLOAT, INT32):
        model = Model(tmp_path, x=(dtype, [-1]))
        model.node('more', 'Mul', 'x', model.constant('factor', dtype, [], [1000]), T={'type': dtype})
        if dtype == INT32:
            model.node('rows', 'GatherV2', model.constant('table', FLOAT, [2], [1, 2]), 'x', 'axis')
            model.constant('axis', INT32, [], [0])
        assert not [case for case in model.inputs().cases if 'overflow' in case.name]


def test_numbers_beside_the_limits_of_what_a_layer_computes(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 3]))
    model.node('product', 'MatMul', 'x', model.constant('weights', FLOAT, [3, 1], [1.0, 1.0, 1.0]))
    model.node('layer', 'BiasAdd', 'product', model.constant('bias', FLOAT, [1], [1.0]))
    model.node('limited', 'Greater', 'layer', model.constant('limit', FLOAT, [], [3000.0]))
    assert max(model.every()) > 3000


def test_numbers_beside_a_limit_that_need_not_be_fed(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('limit', 'PlaceholderWithDefault', model.constant('usual', FLOAT, [], [500.0]))
    model.node('limited', 'Minimum', 'x', 'limit')
    assert max(model.values('values beside constants')) > 500
