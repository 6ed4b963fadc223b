"""The same values on both sides prove nothing of a model that did nothing to its inputs, if it should have."""

from __future__ import annotations

import numpy as np
import pytest

from migrate.verify import Pair, verify_pairs
from migrate.verify.evidence import Values
from migrate.verify.results import SignatureResult, Verdict, Verification
from migrate.verify.worker import Tensor

REASON = 'runs models: needs TensorFlow 2'


@pytest.fixture(scope='module')
def verifications(tmp_path_factory: pytest.TempPathFactory) -> tuple[Verification, Verification]:
    """A model against itself, and against one with other weights."""
    pytest.importorskip('tensorflow', reason=REASON)
    from tests.migrate.verify import telling

    directory = tmp_path_factory.mktemp('telling')
    old = telling.export(directory / 'old', 1.0)
    pairs = [Pair(old, old), Pair(old, telling.export(directory / 'new', 2.0))]
    found = dict(verify_pairs(pairs))
    return found[0], found[1]


def of(verification: Verification, key: str) -> SignatureResult:
    (found,) = [result for result in verification.signatures if result.key == key]
    return found


@pytest.mark.parametrize('key', ['phase', 'phase_of_if'])
def test_other_weights_behind_a_switch_of_unknown_rank_are_found(
    verifications: tuple[Verification, Verification], key: str
) -> None:
    same, other = (of(verification, key) for verification in verifications)
    assert (same.verdict, same.cases, same.notes) == (Verdict.IDENTICAL, 6, ())
    assert 'phase bool [], False and True' in same.inputs
    assert other.verdict == Verdict.DIFFERENT


@pytest.mark.parametrize('key', ['dead', 'dead_behind_a_sigmoid', 'zeros_only'])
def test_a_model_that_does_nothing_with_its_inputs_proves_nothing(
    verifications: tuple[Verification, Verification], key: str
) -> None:
    for verification in verifications:
        assert of(verification, key).verdict == Verdict.INCONCLUSIVE


def test_what_was_exercised_and_what_was_not_is_said(verifications: tuple[Verification, Verification]) -> None:
    same, _ = verifications
    assert 'compared: "batch of 1", "batch of 2", "batch of 7"' in of(same, 'dead').message
    assert 'zero or left out (compared: "without x"; nothing is known of: ' in of(same, 'zeros_only').message
    assert 'is the same in all 5 cases' in of(same, 'dead_behind_a_sigmoid').message


@pytest.mark.parametrize('key', ['constant', 'counter', 'first_element', 'keep_prob'])
def test_no_false_alarms(verifications: tuple[Verification, Verification], key: str) -> None:
    for verification in verifications:
        result = of(verification, key)
        assert (result.verdict, result.notes) == (Verdict.IDENTICAL, ())
        assert result.cases >= 3


@pytest.mark.parametrize(('key', 'output', 'cases'), [('class_only', 'class', 5), ('constant_beside_others', 'one', 4)])
def test_outputs_that_never_change_are_noted(
    verifications: tuple[Verification, Verification], key: str, output: str, cases: int
) -> None:
    result = of(verifications[0], key)
    assert result.verdict == Verdict.IDENTICAL
    assert result.notes[0].startswith(f'output "{output}" is the same in all {cases} cases, whatever the inputs')


def test_other_weights_that_no_input_shows_are_said(verifications: tuple[Verification, Verification]) -> None:
    result = of(verifications[1], 'class_only')
    assert result.verdict == Verdict.INCONCLUSIVE
    assert 'variable "weights" has other values in the new model' in result.message
    assert of(verifications[1], 'constant_beside_others').verdict == Verdict.IDENTICAL


def test_what_is_random_under_one_setting_is_proven_under_the_other(
    verifications: tuple[Verification, Verification],
) -> None:
    result = of(verifications[0], 'random_in_training')
    assert result.verdict == Verdict.IDENTICAL
    assert result.notes == (
        'nothing is known of "y" where training = True: the old model returns other values each time',
    )


def values(array: object, dtype: str = 'float32') -> Values:
    return Values(Tensor(dtype, np.array(array, dtype=object if dtype == 'string' else dtype)))


def test_rows_that_repeat_are_the_same_in_batches_of_any_size() -> None:
    assert values([[1, 2]]).is_same_as(values([[1, 2], [1, 2], [1, 2 + 1e-7]]))
    assert values([[b'a']], 'string').is_same_as(values([[b'a'], [b'a']], 'string'))
    assert values([np.nan]).is_same_as(values([np.nan, np.nan]))
    assert not values([[1, 2]]).is_same_as(values([[1, 2], [2, 1]]))
    assert not values([1, 2], 'int64').is_same_as(values([1, 3], 'int64'))
    assert not values([b'a', b'b'], 'string').is_same_as(values([b'ab', b''], 'string'))
    assert values([1, 2], 'int64').is_same_as(values([1, 2], 'int64'))


def test_zeros_of_every_kind() -> None:
    assert values([[0.0, -0.0]]).is_zero
    assert values([b'', b''], 'string').is_zero
    assert values(False, 'bool').is_zero
    assert values([], 'int32').is_zero
    assert not values([0, np.inf]).is_zero
    assert not values([b'', b'a'], 'string').is_zero
