from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from migrate.saved_model.contract import Contract
from migrate.saved_model.variables import PREFIX, Part, Variable
from migrate.verify import changes
from migrate.verify.changes import Change, changed_variables
from tests.migrate.saved_model.messages import contract

WEIGHTS = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)


def model(directory: Path, **values: object) -> tuple[Path, Contract]:
    """What is read of a model with such variables."""
    (directory / 'variables').mkdir(parents=True)
    found, content = {}, b''
    for name, value in values.items():
        array = np.asarray(value)
        data = array.tobytes()
        found[name] = Variable(name, array.dtype.name, array.shape, hash(data), '.data', len(content), len(data))
        content += data
    (directory / f'{PREFIX}.data').write_bytes(content)
    return directory, replace(contract({}), variables=found)


def changes_of(tmp_path: Path, old: dict[str, object], new: dict[str, object]) -> dict[str, Change]:
    return changed_variables(*model(tmp_path / 'old', **old), *model(tmp_path / 'new', **new))


def changed(tmp_path: Path, old: dict[str, object], new: dict[str, object]) -> dict[str, str]:
    """Those that are a cause to doubt an output."""
    found = changes_of(tmp_path, old, new)
    return {name: change.message.split('new model')[1] for name, change in found.items() if not change.excuse}


def in_parts(model: tuple[Path, Contract], whole: str, parts: list[str]) -> tuple[Path, Contract]:
    """With some of the variables as the parts of one along its first dimension."""
    directory, contract = model
    variables = dict(contract.variables)
    found, start = [], 0
    for number, name in enumerate(parts):
        part = replace(variables.pop(name), name=f'{whole}/part_{number}')
        found.append(Part((start, 0), part))
        start += (part.shape or (0,))[0] or 0
    columns = (found[0].variable.shape or ())[1]
    variables[whole] = Variable(whole, 'float32', (start, columns), 0, '', 0, 0, tuple(found))
    return directory, replace(contract, variables=variables)


def other(index: tuple[int, int], by: float) -> np.ndarray:
    array = WEIGHTS.copy()
    array[index] += by
    return array


def test_one_element_is_found(tmp_path: Path) -> None:
    found = changed(tmp_path, {'w': WEIGHTS, 'b': 1.0}, {'w': other((2, 1), 0.5), 'b': 1.0})
    assert list(found) == ['w']
    assert found['w'].endswith('at [2, 1]')


@pytest.mark.parametrize(
    'new',
    [
        {'w': WEIGHTS.copy()},
        {'w': WEIGHTS.reshape(4, 3)},
        {'v': WEIGHTS + 1},
        {'w': WEIGHTS.astype(np.float64) + 1},
    ],
)
def test_other_names_and_other_kinds_are_no_change(tmp_path: Path, new: dict[str, object]) -> None:
    assert not changes_of(tmp_path, {'w': WEIGHTS}, new)


@pytest.mark.parametrize(
    ('new', 'excuse'),
    [
        ({'w': WEIGHTS * np.float32(1 + 1e-6)}, 'within tolerance'),
        ({'w': np.zeros_like(WEIGHTS), 'renamed': WEIGHTS}, '"renamed" of the new model has those that it had'),
    ],
)
def test_rounding_and_moved_values_are_told_but_no_cause_for_doubt(
    tmp_path: Path, new: dict[str, object], excuse: str
) -> None:
    assert changes_of(tmp_path, {'w': WEIGHTS}, new)['w'].excuse == excuse


def test_two_variables_that_were_exchanged_are_told(tmp_path: Path) -> None:
    other = WEIGHTS[::-1].copy()
    found = changes_of(tmp_path, {'a': WEIGHTS, 'b': other}, {'a': other, 'b': WEIGHTS})
    assert {name: change.excuse.split()[0] for name, change in found.items()} == {'a': '"b"', 'b': '"a"'}


def test_how_many_elements_differ_and_where_is_said(tmp_path: Path) -> None:
    new = other((1, 3), 0.25)
    new[2, 1] -= 7
    change = changes_of(tmp_path / 'several', {'w': WEIGHTS}, {'w': new})['w']
    said = ': 2 of 12 elements, the first at [1, 3]; 0.6363636 is -6.3636365 at [2, 1]'
    assert (change.message.endswith(said), change.rows) == (True, (1, 2))


def test_parts_are_compared_with_parts_and_with_a_whole(tmp_path: Path) -> None:
    halves = {'one': WEIGHTS[:2], 'two': WEIGHTS[2:]}
    old = in_parts(model(tmp_path / 'old', **halves), 'w', ['one', 'two'])
    wrong = {'one': WEIGHTS[:2], 'two': other((2, 3), 0.5)[2:]}
    parts = in_parts(model(tmp_path / 'parts', **wrong), 'w', ['one', 'two'])
    separate = model(tmp_path / 'separate', **{f'w/part_{number}': each for number, each in enumerate(wrong.values())})
    for new in (parts, separate):
        (change,) = changed_variables(*old, *new).values()
        assert (change.name, change.rows) == ('w/part_1', (0,))
        assert change.message.endswith('1 of 4 elements; 1.0 is 1.5 at [0, 3]')
    whole = model(tmp_path / 'whole', w=other((2, 3), 0.5))
    assert list(changed_variables(*old, *whole)) == ['w/part_1']
    (change,) = changed_variables(*whole, *old).values()
    assert (change.name, change.rows) == ('w', (2,))
    assert change.message.endswith('1.5 is 1.0 at [2, 3]')
    assert not changed_variables(*old, *old)
    assert not changed_variables(*old, *model(tmp_path / 'same', w=WEIGHTS))


def test_large_variables_are_compared_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, '_AT_A_TIME', 5)
    assert changed(tmp_path, {'w': WEIGHTS}, {'w': other((2, 3), 0.5)})['w'].endswith('at [2, 3]')


def test_scalars_and_whole_numbers(tmp_path: Path) -> None:
    old, new = ({'step': np.int64(step), 'b': np.float32(step)} for step in (3, 4))
    assert changed(tmp_path, old, new) == {'step': ': 3 is 4', 'b': ': 3.0 is 4.0'}
