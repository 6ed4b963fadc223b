"""Arrays that a project writes are compared like the outputs of a model, and are part of its proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from migrate.config import ConfigError, load_settings
from migrate.prove.arrays import verify_arrays
from migrate.verify.results import Verdict, Verification


@pytest.fixture
def verified(tmp_path: Path) -> Any:
    """Verifies two arrays, which go through files."""

    def verify(old: Any, new: Any) -> Verification:
        paths = []
        for side, array in (('old', old), ('new', new)):
            (tmp_path / side).mkdir()
            paths.append(tmp_path / side / 'scores.npy')
            np.save(paths[-1], array)
        return verify_arrays(*paths)

    return verify


@pytest.mark.parametrize(
    ('old', 'new', 'verdict'),
    [
        ([1.0, 2.0], [1.0, 2.0], Verdict.IDENTICAL),
        (np.float32([1, 2]), np.float32([1, 2.0001]), Verdict.EQUAL),
        (np.float32([1, 2]), np.float32([1, 2.01]), Verdict.DIFFERENT),
        (np.float32([1, 2]), np.float64([1, 2]), Verdict.DIFFERENT),
        ([1.0, 2.0], [[1.0, 2.0]], Verdict.DIFFERENT),
        ([1, 2], [1, 3], Verdict.DIFFERENT),
        ([True], [False], Verdict.DIFFERENT),
        ([b'a', b'bc'], [b'a', b'bc'], Verdict.IDENTICAL),
        (['é'], ['e'], Verdict.DIFFERENT),
        ([float('nan')], [float('nan')], Verdict.INCONCLUSIVE),
        (np.zeros([0, 3]), np.zeros([0, 3]), Verdict.INCONCLUSIVE),
        (np.array(['2020-01-01'], 'datetime64[D]'), np.array(['2020-01-01'], 'datetime64[D]'), Verdict.ERROR),
        (np.array([{}], dtype=object), np.array([{}], dtype=object), Verdict.ERROR),
    ],
)
def test_verdicts(verified: Any, old: Any, new: Any, verdict: Verdict) -> None:
    verification = verified(old, new)
    assert verification.verdict is verdict
    assert verification.message
    assert [signature.verdict for signature in verification.signatures] in ([], [verdict])


def test_is_shown_as_one_output_of_the_file(verified: Any) -> None:
    (signature,) = verified(np.float32([1, 2]), np.float32([1, 2.01])).signatures
    (output,) = signature.outputs
    assert (signature.key, output.dtype, output.shape, output.worst.index) == ('scores.npy', 'float32', '[2]', (1,))
    assert output.max_abs_difference == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize('content', [b'', b'no array', b'\x93NUMPY'])
def test_a_file_that_is_no_array_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / 'scores.npy'
    path.write_bytes(content)
    verification = verify_arrays(path, path)
    assert verification.verdict is Verdict.ERROR
    assert str(path) in verification.message


def settings(folder: Path, text: str) -> Any:
    (folder / 'pyproject.toml').write_text(f'[tool.savedmodel-migrate.prove]\nrun = ["python score.py"]\n{text}\n')
    return load_settings(folder).prove


def test_arrays_can_stand_for_models(tmp_path: Path) -> None:
    found = settings(tmp_path, 'arrays = ["scores.npy"]')
    assert (found.models, found.arrays, found.results) == ((), ('scores.npy',), ('scores.npy',))


@pytest.mark.parametrize('text', ['', 'arrays = []', 'arrays = ["../scores.npy"]', 'arrays = "scores.npy"'])
def test_there_must_be_something_to_compare_inside_the_project(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        settings(tmp_path, text)
