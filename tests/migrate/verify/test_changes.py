from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from migrate.saved_model.contract import Contract
from migrate.saved_model.variables import PREFIX, Variable
from migrate.verify import changes
from migrate.verify.changes import changed_variables
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


def changed(tmp_path: Path, old: dict[str, object], new: dict[str, object]) -> dict[str, str]:
    found = changed_variables(*model(tmp_path / 'old', **old), *model(tmp_path / 'new', **new))
    return {name: change.message.split('new model')[1] for name, change in found.items()}


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
        {'w': WEIGHTS * np.float32(1 + 1e-6)},
        {'w': np.zeros_like(WEIGHTS), 'renamed': WEIGHTS},
        {'w': WEIGHTS.reshape(4, 3)},
        {'v': WEIGHTS + 1},
        {'w': WEIGHTS.astype(np.float64) + 1},
    ],
)
def test_rounding_other_names_and_other_kinds_are_no_change(tmp_path: Path, new: dict[str, object]) -> None:
    assert not changed(tmp_path, {'w': WEIGHTS}, new)


def test_large_variables_are_compared_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, '_AT_A_TIME', 5)
    assert changed(tmp_path, {'w': WEIGHTS}, {'w': other((2, 3), 0.5)})['w'].endswith('at [2, 3]')


def test_scalars_and_whole_numbers(tmp_path: Path) -> None:
    old, new = ({'step': np.int64(step), 'b': np.float32(step)} for step in (3, 4))
    assert changed(tmp_path, old, new) == {'step': ': 3 is 4', 'b': ': 3.0 is 4.0'}
