"""Estimators of several files, found and rewritten over a folder: the same whatever the number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.codemod import process, rewrite_source
from migrate.estimators import find_estimators, find_estimators_in
from migrate.writing import write_all

MODEL = b"""\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions=features)
"""
EXPORT = b"""\
import tensorflow as tf
import model

est = tf.estimator.Estimator(model.model_fn, 'ckpt')
est.export_saved_model('export', make_receiver())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An Estimator in two files, among more files than are done without processes."""
    (tmp_path / 'model.py').write_bytes(MODEL)
    (tmp_path / 'export.py').write_bytes(EXPORT)
    for number in range(20):
        (tmp_path / f'other_{number}.py').write_bytes(b'import tensorflow as tf\nx = tf.log(1.)\n')
    return tmp_path


def test_processes_change_nothing_about_the_outcome(project: Path) -> None:
    alone, together = list(process([project], jobs=1)), list(process([project], jobs=2))
    assert alone == together
    texts = {Path(outcome.report.path).name: outcome.after for outcome in alone}
    assert b'estimator_module.EstimatorSpec' in texts['model.py']
    assert b'estimator_module.Estimator(' in texts['export.py']


def test_the_modules_are_placed_once(project: Path) -> None:
    changed = {Path(outcome.report.path).name for outcome in write_all(process([project])) if outcome.changed}
    assert {'model.py', 'export.py'} <= changed
    assert (project / 'estimator_module.py').exists()
    assert (project / 'session_module.py').exists()
    assert not [outcome for outcome in process([project]) if outcome.changed or outcome.report.findings]


def test_a_file_alone_is_left_alone(project: Path) -> None:
    (outcome,) = write_all(process([project / 'export.py']))
    (finding,) = [finding for finding in outcome.report.findings if finding.code.startswith('EST')]
    assert finding.code == 'EST901'
    assert finding.advice.startswith('Run `savedmodel-migrate rewrite` over the whole project')
    assert b'estimator_module' not in outcome.after
    assert not (project / 'estimator_module.py').exists()


def test_a_training_alone_is_sent_to_the_whole_project_but_not_for_what_is_in_its_own_way(project: Path) -> None:
    (project / 'train.py').write_bytes(EXPORT.rpartition(b'est.')[0])
    (outcome,) = process([project / 'train.py'])
    assert 'over the whole project' in outcome.report.findings[0].advice
    (project / 'model.py').write_bytes(MODEL + b'tf.contrib.estimator.add_metrics()\n')
    (outcome,) = [outcome for outcome in process([project]) if outcome.report.path.endswith('train.py')]
    assert outcome.report.findings[0].code == 'EST901'
    assert 'over the whole project' not in outcome.report.findings[0].advice


def test_projects_without_estimators_cost_nothing(project: Path) -> None:
    assert find_estimators(sorted(project.glob('other_*.py'))) == {}
    assert find_estimators_in(b'import tensorflow as tf\n') is None


def test_files_that_cannot_be_read_stand_in_nobodys_way(project: Path) -> None:
    (project / 'broken.py').write_bytes(b'import model\nimport tensorflow as tf\ntf.estimator.Estimator(\n')
    uses = find_estimators([*sorted(project.glob('*.py')), project / 'gone.py'])
    assert [uses[project / name].obstacle for name in ('export.py', 'model.py')] == ['', '']
    outcomes = {Path(outcome.report.path).name: outcome for outcome in process([project])}
    assert b'estimator_module.Estimator(' in outcomes['export.py'].after
    assert outcomes['broken.py'].report.error
    assert not outcomes['broken.py'].changed


def test_a_source_without_a_file_is_a_project_of_its_own() -> None:
    whole = MODEL + b"\n\nest = tf.estimator.Estimator(model_fn, make_dir())\nest.export_saved_model('e', make())\n"
    assert b'estimator_module.Estimator(' in rewrite_source(whole, Path('a.py')).after
