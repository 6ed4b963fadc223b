"""Models and verifications that several tests look at; made once, as starting TensorFlow takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.verify import Pair, verify_pairs
from migrate.verify.results import Verification

NEEDS_TENSORFLOW = 'runs models: needs TensorFlow 2'


@pytest.fixture(scope='session')
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with models: see `lost`, and `old` and `wrong`, which `wrong` exports."""
    pytest.importorskip('tensorflow', reason=NEEDS_TENSORFLOW)
    from tests.migrate.verify import lost, wrong

    directory = tmp_path_factory.mktemp('models')
    wrong.export_old(directory / 'old')
    wrong.export_new(directory / 'wrong')
    lost.export(directory)
    return directory


@pytest.fixture(scope='session')
def verifications(models: Path) -> dict[tuple[str, str], Verification]:
    """Of pairs of these models, by their names; all in the same two processes."""
    names = [
        ('old', 'wrong'),
        ('reference', 'dead'),
        ('asset', 'no asset'),
        ('fills', 'does not fill'),
        ('does not fill', 'does not fill'),
    ]
    found = verify_pairs([Pair(models / old, models / new) for old, new in names])
    return {names[number]: verification for number, verification in found}


@pytest.fixture(scope='session')
def verification(verifications: dict[tuple[str, str], Verification]) -> Verification:
    """The old model against the one that is wrong in many ways."""
    return verifications['old', 'wrong']
