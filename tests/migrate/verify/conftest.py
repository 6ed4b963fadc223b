"""Models and verifications that several tests look at; made once, as starting TensorFlow takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.verify import verify
from migrate.verify.results import Verification

NEEDS_TENSORFLOW = 'runs models: needs TensorFlow 2'


@pytest.fixture(scope='session')
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the models `old` and `wrong`."""
    pytest.importorskip('tensorflow', reason=NEEDS_TENSORFLOW)
    from tests.migrate.verify import wrong

    directory = tmp_path_factory.mktemp('models')
    wrong.export_old(directory / 'old')
    wrong.export_new(directory / 'wrong')
    return directory


@pytest.fixture(scope='session')
def verification(models: Path) -> Verification:
    """The old model against the one that is wrong in many ways."""
    return verify(models / 'old', models / 'wrong')
