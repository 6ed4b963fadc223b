from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from migrate.verify.comparison import Comparison, compare
from migrate.verify.results import Verdict
from migrate.verify.worker import Tensor


def numbers(old: Any, new: Any, dtype: str = 'float32') -> Comparison:
    return compare(Tensor(dtype, np.array(old, dtype=dtype)), Tensor(dtype, np.array(new, dtype=dtype)))


def strings(old: list[bytes], new: list[bytes]) -> Comparison:
    return compare(*(Tensor('string', np.array([*each, None], dtype=object)[:-1]) for each in (old, new)))


@pytest.mark.parametrize('value', [1.0, 0.0, -0.0, np.nan, np.inf, -np.inf, 1e-45, 3.4e38])
@pytest.mark.parametrize('dtype', ['float32', 'float64', 'complex64'])
def test_the_same_bits_are_identical(value: float, dtype: str) -> None:
    assert numbers([value, 1], [value, 1], dtype).verdict == Verdict.IDENTICAL


@pytest.mark.parametrize(
    ('old', 'new'),
    [
        ([0.0, 1.0], [-0.0, 1.0]),
        ([1.0, 2.0], [1.0, 2.0001]),
        ([1000.0, 0.0], [1000.0, 1e-3]),
        ([np.inf, 1.0], [np.inf, 1.00001]),
    ],
)
def test_small_differences_are_equal_but_not_identical(old: list[float], new: list[float]) -> None:
    assert numbers(old, new).verdict == Verdict.EQUAL


@pytest.mark.parametrize(
    ('old', 'new'),
    [
        ([1.0, 2.0], [1.0, 2.001]),
        ([0.0, 0.0], [0.0, 1e-30]),
        ([np.nan, 1.0], [0.0, 1.0]),
        ([0.0, 1.0], [np.nan, 1.0]),
        ([np.inf, 1.0], [-np.inf, 1.0]),
        ([np.inf, 1.0], [3e38, 1.0]),
        ([np.inf, 1.0], [np.nan, 1.0]),
    ],
)
def test_differences_are_different(old: list[float], new: list[float]) -> None:
    result = numbers(old, new)
    assert result.verdict == Verdict.DIFFERENT
    assert result.old != result.new


def test_other_nan_bits_are_equal_not_identical() -> None:
    old = np.array([0x7FC00000, 0x3F800000], dtype=np.uint32).view(np.float32)
    new = np.array([0x7FC00001, 0x3F800000], dtype=np.uint32).view(np.float32)
    assert compare(Tensor('float32', old), Tensor('float32', new)).verdict == Verdict.EQUAL


def test_one_huge_value_does_not_hide_differences_among_usual_ones() -> None:
    assert numbers([-1e9, 0.5, 0.7], [-1e9, 0.6, 0.7]).verdict == Verdict.DIFFERENT


def test_tiny_probabilities_may_differ_as_much_as_rounding_makes_them() -> None:
    assert numbers([1.0, 1e-9, 1e-9], [1.0, 1.1e-9, 1e-9]).verdict == Verdict.EQUAL


def test_the_worst_element_is_named_with_its_values_and_a_tolerance_that_would_have_passed() -> None:
    result = numbers([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.5, 4.0]])
    assert (result.index, result.old, result.new) == ((1, 0), '3.0', '3.5')
    assert (result.max_abs_difference, result.max_magnitude) == (0.5, 4.0)
    assert '1 of 4 elements differ by more than allowed: 0.5' in result.message
    assert 's=0.12 would have passed' in result.message


def test_where_all_was_zero_no_relative_tolerance_would_have_passed() -> None:
    assert 'an absolute 0.5 would have passed' in numbers([0.0], [0.5]).message


def test_complex_numbers_differ_in_either_part() -> None:
    result = numbers([[1 + 1j, 2 + 2j]], [[1 + 1j, 2 + 3j]], 'complex64')
    assert (result.verdict, result.index) == (Verdict.DIFFERENT, (0, 1))


def test_bfloat16_is_read_from_its_bits() -> None:
    old, near, far = (Tensor('bfloat16', np.array([bits], dtype=np.uint16)) for bits in (0x3F80, 0x3F81, 0x4000))
    assert compare(old, near).verdict == Verdict.EQUAL
    assert compare(old, far).verdict == Verdict.DIFFERENT
    assert (compare(old, far).old, compare(old, far).new) == ('1.0', '2.0')


@pytest.mark.parametrize(('dtype', 'old', 'new'), [('int64', [2**62], [2**62 + 1]), ('bool', [True], [False])])
def test_other_types_must_be_the_same(dtype: str, old: list[Any], new: list[Any]) -> None:
    assert numbers(old, old, dtype).verdict == Verdict.IDENTICAL
    result = numbers(old, new, dtype)
    assert (result.verdict, result.index) == (Verdict.DIFFERENT, (0,))
    assert (result.old, result.new) == (str(old[0]), str(new[0]))


@pytest.mark.parametrize('other', [b'a', b'a\0\0', b'A\0', b'\xff'])
def test_strings_differ_in_any_byte(other: bytes) -> None:
    assert strings([b'x', b'a\0'], [b'x', b'a\0']).verdict == Verdict.IDENTICAL
    result = strings([b'x', b'a\0'], [b'x', other])
    assert (result.verdict, result.index, result.old) == (Verdict.DIFFERENT, (1,), r"'a\x00'")


def test_a_scalar_string() -> None:
    old, new = (Tensor('string', np.array(value, dtype=object)) for value in (b'a', b'b'))
    assert compare(old, old).verdict == Verdict.IDENTICAL
    assert compare(old, new).verdict == Verdict.DIFFERENT


def test_other_dtype_or_shape_is_different() -> None:
    one = Tensor('float32', np.zeros([2, 1], dtype=np.float32))
    assert 'dtype was float32, is float64' in compare(one, Tensor('float64', one.array.astype(np.float64))).message
    assert 'shape was [2, 1], is [1, 2]' in compare(one, Tensor('float32', one.array.T)).message


@pytest.mark.parametrize('values', [[], [np.nan, np.nan]])
def test_nothing_to_compare_is_noticed(values: list[float]) -> None:
    assert numbers(values, values).empty
    assert not numbers([*values, 1.0], [*values, 1.0]).empty
