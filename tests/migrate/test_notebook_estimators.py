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


@pytest.mark.parametrize(
    ('model', 'magic'),
    [
        ('model.ipynb', '%run ./model.ipynb'),
        ('model.ipynb', 'if True:\n    %run model.ipynb'),
        ('model.ipynb', '%%time\n%run -i model.ipynb'),
        ('my model-2.ipynb', '%run "my model-2.ipynb"'),
        ('lib/model.ipynb', '%run -i lib/model.ipynb --layers 3'),
        # the notebook runs in another folder than its own
        ('lib/model.ipynb', '%cd lib\n%run model.ipynb'),
        ('lib/model.py', '%run lib/model'),
    ],
)
def test_what_is_run_changes_together(folder: Path, model: str, magic: str) -> None:
    Path('model.py').unlink()
    Path('lib').mkdir()
    if model.endswith('.py'):
        Path(model).write_text(MODEL)
    else:
        write(model, *MODEL.split('\n\n\n'))
    write('train.ipynb', f'import tensorflow as tf\n{magic}', MAKES.replace('model.', ''), EXPORTS)
    for _ in write_all(process([Path()])):
        pass
    assert 'estimator_module.EstimatorSpec(' in Path(model).read_text()
    assert 'estimator_module.Estimator(model_fn' in Path('train.ipynb').read_text()
    assert json.dumps(magic)[1:-1] in Path('train.ipynb').read_text()
    assert not any(outcome.changed for outcome in run().values())


def test_what_is_run_by_what_is_run_changes_too() -> None:
    write('common.ipynb', 'from model import *')
    write('between.ipynb', '%run common.ipynb')
    write('train.ipynb', 'import tensorflow as tf\n%run between.ipynb', MAKES.replace('model.', ''), EXPORTS)
    outcomes = run()
    assert b'estimator_module.EstimatorSpec(' in outcomes['model.py'].after
    assert b'estimator_module.Estimator(model_fn' in outcomes['train.ipynb'].after


def test_what_is_in_the_way_in_a_notebook_that_is_run_is_named_in_both() -> None:
    hook = 'from tensorflow.contrib import tpu\nest = tpu.TPUEstimator(model_fn, config=make(), use_tpu=True)'
    write('model.ipynb', MODEL, hook)
    write('train.ipynb', 'import tensorflow as tf\n%run model.ipynb', MAKES.replace('model.', ''), EXPORTS)
    outcomes = run()
    for name in ('model.ipynb', 'train.ipynb'):
        assert b'estimator_module' not in outcomes[name].after
        assert any('(model.ipynb, cell 2, line ' in message for _, message in findings(outcomes[name]))


@pytest.mark.parametrize(
    'magic',
    [
        '# %run model.ipynb',
        'print("%run model.ipynb")',
        '%%bash\necho',
        '!python model.ipynb',
        '%run -m model',
        '%run other.ipynb',
        '%run $notebook',
    ],
)
def test_what_is_not_run_stays(magic: str) -> None:
    Path('model.py').unlink()
    write('model.ipynb', MODEL)
    write('other.ipynb', 'print("tf.estimator")')
    write(
        'train.ipynb', 'import tensorflow as tf', magic, f'def model_fn(): ...\n{MAKES.replace("model.", "")}', EXPORTS
    )
    outcomes = run()
    assert b'estimator_module.Estimator(model_fn' in outcomes['train.ipynb'].after
    assert b'tf.estimator.EstimatorSpec(' in outcomes['model.ipynb'].before
    assert not outcomes['model.ipynb'].changed


@pytest.mark.parametrize('magic', ['%run ./model.ipynb', '%run ../lib/model.py', '%run $notebook'])
def test_a_notebook_without_what_it_runs_says_what_it_misses(magic: str) -> None:
    Path('model.py').unlink()
    write('train.ipynb', f'import tensorflow as tf\n{magic}', MAKES.replace('model.', ''), EXPORTS)
    outcome = run()['train.ipynb']
    assert not outcome.changed
    assert f'its model_fn comes from `{magic.split()[1]}`, which is not among the files' in findings(outcome)[0][1]


def test_a_model_fn_of_a_star_import_is_not_missed_in_what_is_run() -> None:
    write(
        'train.ipynb',
        'from model import *\nimport tensorflow as tf\n%run gone.py',
        MAKES.replace('model.', ''),
        EXPORTS,
    )
    assert b'estimator_module.Estimator(model_fn' in run()['train.ipynb'].after


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
