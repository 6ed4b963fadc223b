"""Estimators that notebooks and files of a project share: both change, or both say what is in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.codemod import Outcome, process
from migrate.writing import write_all

MODEL = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions=features, export_outputs=make_outputs(features))
"""
MAKES = 'est = tf.estimator.Estimator(model.model_fn, make_folder())'
EXPORTS = 'est.export_saved_model("export", make_receiver())'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path('model.py').write_text(MODEL)
    return tmp_path


def write(name: str, *cells: str) -> None:
    made = [{'cell_type': 'code', 'metadata': {}, 'outputs': [], 'source': source} for source in cells]
    Path(name).write_text(json.dumps({'nbformat': 4, 'nbformat_minor': 2, 'metadata': {}, 'cells': made}))


def run(*names: str) -> dict[str, Outcome]:
    return {Path(outcome.report.path).name: outcome for outcome in process(list(map(Path, names or ('.',))))}


def findings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in outcome.report.findings if finding.code.startswith('EST')]


def test_change_together() -> None:
    write('train.ipynb', 'import model\nimport tensorflow as tf', MAKES, EXPORTS)
    outcomes = {Path(outcome.report.path).name: outcome for outcome in write_all(process([Path()]))}
    assert 'estimator_module.EstimatorSpec(' in Path('model.py').read_text()
    assert 'estimator_module.Estimator(model.model_fn' in Path('train.ipynb').read_text()
    assert Path('estimator_module.py').exists()
    assert [finding.code for finding in outcomes['train.ipynb'].report.findings] == ['EST102']
    assert not any(outcome.changed for outcome in run().values())


def test_a_script_that_is_run_hands_on_what_is_in_it() -> None:
    write(
        'train.ipynb', 'import tensorflow as tf\nif True:\n    %run -i ./model.py', MAKES.replace('model.', ''), EXPORTS
    )
    outcomes = run()
    assert b'estimator_module.EstimatorSpec(' in outcomes['model.py'].after
    assert b'estimator_module.Estimator(model_fn' in outcomes['train.ipynb'].after
    assert rb'    %run -i ./model.py' in outcomes['train.ipynb'].after


def test_made_in_a_file_and_exported_in_a_notebook() -> None:
    with open('model.py', 'a') as file:
        file.write('\n\ndef make():\n    return tf.estimator.Estimator(model_fn, "ckpt")\n')
    receiver = 'def receiver():\n    return tf.estimator.export.ServingInputReceiver(a, b)'
    export = 'est.export_saved_model("export", receiver)'
    write('export.ipynb', 'import model\nimport tensorflow as tf', receiver, 'est = model.make()', export)
    write('other.ipynb', 'import tensorflow as tf\nprint(tf.estimator.ModeKeys.TRAIN)')
    outcomes = run()
    assert b'return estimator_module.Estimator(' in outcomes['model.py'].after
    assert b'return estimator_module.ServingInputReceiver(' in outcomes['export.ipynb'].after
    assert not outcomes['other.ipynb'].changed


def test_what_is_in_the_way_in_a_notebook_is_named_by_its_cell() -> None:
    hook = 'from tensorflow.contrib import tpu\nest = tpu.TPUEstimator(model.model_fn, config=make(), use_tpu=True)'
    write('train.ipynb', 'import model\nimport tensorflow as tf', 'x = 1\n' + hook, EXPORTS)
    outcomes = run()
    assert not outcomes['model.py'].changed
    ((code, message),) = findings(outcomes['model.py'])
    assert code == 'EST901'
    assert '(train.ipynb, cell 2, line ' in message
    assert any('(train.ipynb, cell 2, line ' in message for _, message in findings(outcomes['train.ipynb']))


def test_a_notebook_without_the_file_says_what_it_misses() -> None:
    write('train.ipynb', 'import model\nimport tensorflow as tf', MAKES, EXPORTS)
    outcome = run('train.ipynb')['train.ipynb']
    assert not outcome.changed
    assert 'its model_fn comes from `model`, which is not among the files' in findings(outcome)[0][1]


@pytest.mark.parametrize('cells', ['{', '{"cells": [], "nbformat": 3}'])
def test_a_notebook_that_cannot_be_read_stands_in_nobodys_way(cells: str) -> None:
    write('train.ipynb', 'import model\nimport tensorflow as tf', MAKES, EXPORTS)
    Path('broken.ipynb').write_text(f'{cells} tf.estimator.Estimator( import model')
    write('odd.ipynb', 'import model\nimport tensorflow as tf', 'tf.estimator.Estimator(')
    outcomes = run()
    assert b'estimator_module' in outcomes['model.py'].after
    assert outcomes['broken.ipynb'].report.error
    assert outcomes['odd.ipynb'].report.error
