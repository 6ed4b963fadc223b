"""Estimators whose model_fn stays: which files change together, what they become, and what stands in the way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rewriters import Confidence, Options, Rewrite, rewrite
from rewriters.kept_estimators.names import MODULES, NAMES, SUPPORT_MODULE
from rewriters.kept_estimators.project import decide
from rewriters.options import EstimatorUse

SUPPORT = Path(__file__).parents[2] / 'rewriters' / 'support' / f'{SUPPORT_MODULE}.py'
MODEL = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions={'y': features['x'] * 2})
"""
EXPORT = """\
import tensorflow as tf

from model import model_fn


def receiver_fn():
    x = {'x': tf.placeholder(tf.float32, [None])}
    return tf.estimator.export.ServingInputReceiver(x, x)


est = tf.estimator.Estimator(model_fn, 'ckpt')
est.export_saved_model('export', receiver_fn)
"""
EXPORTED = """\
import tensorflow as tf

from model import model_fn
import estimator_module


def receiver_fn():
    x = {'x': tf.compat.v1.placeholder(tf.float32, [None])}
    return estimator_module.ServingInputReceiver(x, x)


est = estimator_module.Estimator(model_fn, 'ckpt')
est.export_saved_model('export', receiver_fn)
"""
TRAIN = """\
import tensorflow as tf
from export import est

make_input = tf.estimator.inputs.numpy_input_fn
spec = tf.estimator.TrainSpec(make_input(x, y, shuffle=True))
tf.estimator.train_and_evaluate(est, spec, evaluation)
"""
TRAINED = """\
import tensorflow as tf
from export import est
import estimator_inputs_module
import estimator_training_module

make_input = estimator_inputs_module.numpy_input_fn
spec = estimator_training_module.TrainSpec(make_input(x, y, shuffle=True))
estimator_training_module.train_and_evaluate(est, spec, evaluation)
"""
CANNED = """\
import tensorflow as tf


def build():
    return tf.estimator.DNNClassifier([8], [], 'ckpt')
"""
EXPORT_CANNED = """\
import models
import tensorflow as tf

models.build().export_saved_model('export/router', None)
exporter = tf.estimator.LatestExporter('latest', None)
"""


def uses_of(files: dict[str, str]) -> dict[str, EstimatorUse]:
    sources = {path: text.encode() for path, text in files.items()}
    return decide(list(sources), sources.__getitem__)


def rewritten(files: dict[str, str]) -> dict[str, Rewrite]:
    uses = uses_of(files)
    return {path: rewrite(text.encode(), Options(path, estimators=uses.get(path))) for path, text in files.items()}


def alone(line: str, model_fn: str = 'model_fn') -> str:
    """A file that makes and exports an Estimator, and has one more line."""
    model = MODEL.replace('import tensorflow as tf\n', f'import tensorflow as tf\n{line}\n')
    made = f'est = tf.estimator.Estimator({model_fn}, make_dir())'
    return f"{model}\n\n{made}\nest.export_saved_model('export', make())\n"


@pytest.mark.parametrize('module', MODULES)
def test_the_support_modules_have_every_name(module: str) -> None:
    tree = ast.parse(SUPPORT.with_stem(module).read_text())
    there = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    there |= {ast.unparse(node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)}
    assert there >= NAMES[module]


def test_only_the_modules_that_are_used_are_placed() -> None:
    results = rewritten({'export.py': EXPORT, 'model.py': MODEL, 'train.py': TRAIN})
    assert results['export.py'].support_modules == ('estimator_module', 'session_module')
    assert results['train.py'].support_modules == (
        'estimator_inputs_module',
        'estimator_module',
        'estimator_training_module',
        'session_module',
    )
    assert results['train.py'].source.decode() == TRAINED


def test_all_files_of_an_estimator_change() -> None:
    results = rewritten({'export.py': EXPORT, 'model.py': MODEL})
    assert results['export.py'].source.decode() == EXPORTED
    assert b'estimator_module.EstimatorSpec(' in results['model.py'].source
    assert b'tf.estimator' not in results['model.py'].source
    assert results['export.py'].support_modules == ('estimator_module', 'session_module')
    (finding,) = results['export.py'].findings
    assert (finding.code, finding.confidence) == ('EST102', Confidence.REVIEW)
    assert 'because the model_fn `model_fn` is no plain function' in finding.message
    assert results['export.py'].exports[0].writer == 'session'


def test_a_second_rewrite_changes_and_finds_nothing() -> None:
    once = rewritten({'export.py': EXPORT, 'model.py': MODEL})
    files = {path: result.source.decode() for path, result in once.items()}
    support = {f'{module}.py': SUPPORT.with_stem(module).read_text() for module in MODULES}
    again = rewritten({**files, **support})
    assert all(again[path].source.decode() == text for path, text in files.items())
    assert not [finding for path in files for finding in again[path].findings]
    assert not [export for result in again.values() for export in result.exports]


def test_files_are_linked_through_others() -> None:
    files = {
        'app/export.py': EXPORT.replace('from model import', 'from app.models import'),
        'app/models/__init__.py': 'from .model import model_fn\n',
        'app/models/model.py': MODEL,
        'other/model.py': MODEL,
    }
    assert set(uses_of(files)) == {'app/export.py', 'app/models/model.py'}


def test_the_nearest_module_of_a_name_is_meant() -> None:
    files = {f'{folder}/{name}.py': text for folder in 'ab' for name, text in (('export', EXPORT), ('model', MODEL))}
    files['b/model.py'] = MODEL + 'tf.estimator.DNNClassifier([8], [])\n'
    obstacles = {path: use.obstacle for path, use in uses_of(files).items()}
    assert obstacles['a/export.py'] == obstacles['a/model.py'] == ''
    assert 'DNNClassifier' in obstacles['b/export.py']
    assert obstacles['b/export.py'] == obstacles['b/model.py']


def test_a_derivation_does_not_take_what_others_import() -> None:
    config = 'import tensorflow as tf\n\n\ndef input_fn():\n    return tf.estimator.ModeKeys.TRAIN\n'
    train = EXPORT.replace('from model import model_fn\n', MODEL.partition('\n')[2])
    use = uses_of({'train.py': train, 'export.py': EXPORT.replace('from model', 'from train'), 'config.py': config})
    assert use['train.py'].is_imported
    assert 'config.py' not in use


@pytest.mark.parametrize(
    ('line', 'obstacle'),
    [
        ('tf.estimator.DNNClassifier([8], [])', 'it uses `tf.estimator.DNNClassifier`'),
        ('tf.estimator.RunConfig(device_fn=s)', 'its RunConfig has device_fn=…'),
        ('tf.contrib.tpu.TPUInfeedOutfeedSessionHook(1)', 'it uses `tf.contrib.tpu.TPUInfeedOutfeedSessionHook`'),
        ('tf.contrib.tpu.TPUEstimator(f, use_tpu=True)', 'its TPUEstimator has use_tpu=True, which is the default'),
        ('tf.compat.v1.estimator.tpu.TPUEstimator(f, d, c)', 'its TPUEstimator has use_tpu=True, which is the default'),
        ('estimators = [tf.estimator.DNNRegressor(n) for n in sizes]', 'it uses `tf.estimator.DNNRegressor`'),
        ('make = tf.estimator.DNNRegressor', 'it uses `tf.estimator.DNNRegressor`'),
        ('def f():\n    return map(tf.estimator.DNNRegressor, a)', 'it uses `tf.estimator.DNNRegressor`'),
        ('def f(e=tf.estimator.DNNRegressor([8])):\n    pass', 'it uses `tf.estimator.DNNRegressor`'),
        ('def f():\n    return tf.contrib.learn.Experiment(e)', 'it uses `tf.contrib.learn.Experiment`'),
        ('tf.contrib.learn.Experiment(e)', 'it uses `tf.contrib.learn.Experiment`'),
        ('make = tf.keras.estimator', 'it uses `tf.keras.estimator`'),
        ('api = tf.estimator', 'it uses `tf.estimator`'),
        ("name = f'{tf.estimator.ModeKeys.TRAIN}'", 'stands in an f-string'),
        ('from tensorflow.python.estimator.canned import head', 'it imports `tensorflow.python.estimator.canned.head`'),
        ('import tensorflow_estimator as e', 'it imports `tensorflow_estimator`'),
        ('from tensorflow import estimator\nf(estimator)', 'it hands `estimator` on'),
    ],
)
def test_what_stands_in_the_way(line: str, obstacle: str) -> None:
    source = alone(line)
    result = rewritten({'a.py': source})['a.py']
    left = [finding for finding in result.findings if finding.code == 'EST901']
    assert left
    assert all(f'nor can {SUPPORT_MODULE} stand in: ' in f.message and obstacle in f.message for f in left)
    assert b'estimator_module' not in result.source
    assert not result.support_modules


@pytest.mark.parametrize(
    ('line', 'becomes'),
    [
        ('c = tf.estimator.RunConfig(save_checkpoints_steps=9)', 'c = estimator_module.RunConfig('),
        ('c = tf.estimator.RunConfig(train_distribute=None)', 'c = estimator_module.RunConfig('),
        ('h = tf.estimator.LoggingTensorHook({}, 1)', 'h = estimator_module.LoggingTensorHook('),
        ('f = tf.compat.v1.estimator.inputs.numpy_input_fn(x)', 'f = estimator_inputs_module.numpy_input_fn('),
        ('m = tf.contrib.learn.ModeKeys.TRAIN', 'm = estimator_module.ModeKeys.TRAIN'),
        ('from tensorflow.estimator import ModeKeys', 'from estimator_module import ModeKeys'),
        ('from tensorflow.python.estimator.model_fn import ModeKeys as M\nM.EVAL', 'from estimator_module import Mode'),
        ('from tensorflow.python.estimator.util import fn_args', 'from estimator_module import fn_args'),
        (
            'from tensorflow.python.estimator import model_fn as lib\nlib.ModeKeys.EVAL',
            'import estimator_module\nestima',
        ),
        (
            'from tensorflow.python.estimator.canned import prediction_keys as k\nk.PredictionKeys.LOGITS',
            'import estimator_keys_module\nimport estimator_module\nestimator_keys_module.PredictionKeys.LOGITS',
        ),
        ('from tensorflow import estimator as e\ne.export.PredictOutput(1)', 'estimator_module.PredictOutput(1)'),
        (
            'h = tf.contrib.estimator.stop_if_no_increase_hook(e, 1)',
            'h = estimator_training_module.stop_if_no_increase_hook(',
        ),
    ],
)
def test_what_becomes_of_names(line: str, becomes: str) -> None:
    result = rewritten({'a.py': alone(line)})['a.py']
    assert becomes in result.source.decode()
    assert b'tf.estimator' not in result.source
    assert {finding.code for finding in result.findings} == {'EST102'}


@pytest.mark.parametrize(
    ('line', 'becomes'),
    [
        ('s = tf.contrib.tpu.TPUEstimatorSpec(1)', 's = estimator_tpu_module.TPUEstimatorSpec(1)'),
        ('c = tf.compat.v1.estimator.tpu.RunConfig(tpu_config=t)', 'c = estimator_tpu_module.RunConfig('),
        ('e = tf.contrib.tpu.TPUEstimator(f, use_tpu=FLAGS.use_tpu)', 'e = estimator_tpu_module.TPUEstimator(f, use'),
        ('e = tf.contrib.tpu.TPUEstimator(f, d, c, p, False)', 'e = estimator_tpu_module.TPUEstimator(f, d, c, p, F'),
        ('from tensorflow.contrib import tpu as t\nt.TPUConfig(8)', 'estimator_tpu_module.TPUConfig(8)'),
        ('from tensorflow.contrib.tpu import TPUConfig as C', 'from estimator_tpu_module import TPUConfig as C'),
    ],
)
def test_what_becomes_of_estimators_for_tpus(line: str, becomes: str) -> None:
    result = rewritten({'a.py': alone(line)})['a.py']
    assert becomes in result.source.decode()
    assert b'contrib' not in result.source
    assert 'estimator_tpu_module' in result.support_modules
    assert {finding.code for finding in result.findings} == {'EST102'}
    assert all('raises an error where use_tpu is true' in finding.advice for finding in result.findings)


def test_an_estimator_for_tpus_is_kept_and_stays_so() -> None:
    made = EXPORT.replace(
        'estimator.Estimator(model_fn,', 'contrib.tpu.TPUEstimator(model_fn, use_tpu=False, model_dir='
    )
    once = rewritten({'export.py': made, 'model.py': MODEL})
    assert 'est = estimator_tpu_module.TPUEstimator(model_fn,' in once['export.py'].source.decode()
    (finding,) = once['export.py'].findings
    assert 'it is a TPUEstimator' in finding.message
    assert 'raises an error where use_tpu is true' in finding.advice
    again = rewritten({path: result.source.decode() for path, result in once.items()})
    assert all(again[path].source == result.source and not again[path].findings for path, result in once.items())


FROM_KERAS = """\
import tensorflow as tf
import models

est = tf.keras.estimator.model_to_estimator(models.build(), model_dir='ckpt')
tf.estimator.train_and_evaluate(est, train, evaluation)
est.export_saved_model('export', receiver_fn)
"""
KEPT_FROM_KERAS = """\
import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf
import models
import estimator_keras_module
import estimator_training_module

est = estimator_keras_module.model_to_estimator(models.build(), model_dir='ckpt')
estimator_training_module.train_and_evaluate(est, train, evaluation)
est.export_saved_model('export', receiver_fn)
"""


@pytest.mark.parametrize('module', ['tf', 'tf.compat.v1'])
def test_an_estimator_of_a_keras_model_is_kept(module: str) -> None:
    once = rewritten({'train.py': FROM_KERAS.replace('tf.keras', f'{module}.keras')})['train.py']
    assert once.source.decode() == KEPT_FROM_KERAS
    assert once.support_modules == (
        'estimator_keras_module',
        'estimator_module',
        'estimator_training_module',
        'session_module',
    )
    (finding,) = once.findings
    assert (finding.code, finding.confidence, finding.place.line) == ('EST102', Confidence.REVIEW, 6)
    assert 'it is made from a Keras model' in finding.message
    assert 'install tf_keras' in finding.advice
    again = rewritten({'train.py': KEPT_FROM_KERAS})['train.py']
    assert (again.source.decode(), again.findings) == (KEPT_FROM_KERAS, ())


def test_a_distribution_strategy_is_said_not_to_be_followed() -> None:
    result = rewritten({'a.py': alone('c = tf.estimator.RunConfig(train_distribute=strategy)')})['a.py']
    assert b'c = estimator_module.RunConfig(train_distribute=strategy)' in result.source
    (finding,) = (finding for finding in result.findings if 'distribution strategy' in finding.message)
    assert (finding.code, finding.confidence, finding.place.line) == ('EST102', Confidence.REVIEW, 2)
    assert 'each step now takes one batch' in finding.advice


CHOICE = """\
import tensorflow as tf
from model import model_fn


def main(kind):
    if kind == 'linear':
        est = tf.estimator.LinearClassifier([], 'ckpt')
    else:
        est = tf.estimator.Estimator(model_fn, 'ckpt')
    exporter = tf.estimator.FinalExporter('final', receiver_fn)
    est.export_saved_model('export', receiver_fn)
    other = tf.estimator.DNNRegressor([8], [])
    other.export_saved_model('other', receiver_fn)
"""


def test_canned_estimators_stay_beside_those_with_a_model_fn() -> None:
    files = {'export.py': CHOICE, 'model.py': MODEL}
    once = rewritten(files)
    text = once['export.py'].source.decode()
    assert 'est = tf.estimator.LinearClassifier(' in text
    assert 'est = estimator_module.Estimator(' in text
    assert 'exporter = estimator_training_module.FinalExporter(' in text
    said = [(f.place.line, f.code, f.confidence) for f in once['export.py'].findings if f.code.startswith('EST')]
    review, manual = Confidence.REVIEW, Confidence.MANUAL
    assert said == [
        (7, 'EST902', manual),
        (10, 'EST102', review),
        (11, 'EST102', review),
        (12, 'EST902', manual),
        (13, 'EST902', manual),
    ]
    assert [export.writer for export in once['export.py'].exports] == ['session', 'session', None]
    again = rewritten({path: result.source.decode() for path, result in once.items()})
    assert all(again[path].source == result.source for path, result in once.items())
    left = [f.place.line for f in again['export.py'].findings if f.code == 'EST902']
    assert len(left) == 2


def test_what_is_in_the_way_of_one_export_is_in_the_way_of_no_other() -> None:
    broken = EXPORT.replace('import tensorflow as tf', 'import tensorflow as tf\nfrom tensorflow.contrib.tpu import x')
    files = {'export.py': EXPORT, 'model.py': MODEL, 'broken.py': broken, 'importer.py': 'import broken\n' + EXPORT}
    obstacles = {path: use.obstacle for path, use in uses_of(files).items()}
    assert obstacles['export.py'] == obstacles['model.py'] == ''
    assert 'it imports `tensorflow.contrib.tpu.x` (broken.py, line 2)' in obstacles['broken.py']
    assert obstacles['importer.py'] == obstacles['broken.py']
    assert obstacles['broken.py'].endswith('; `model.py`, which it imports, takes the support module for others')


def test_files_without_an_estimator_of_their_own_stay_with_those_that_use_them() -> None:
    broken = EXPORT.replace('import tensorflow as tf', 'import tensorflow as tf\nfrom tensorflow.contrib.tpu import x')
    results = rewritten({'model.py': MODEL, 'broken.py': broken})
    assert all(b'estimator_module' not in result.source for result in results.values())


def test_a_model_fn_from_outside_of_the_project_stays_where_it_is() -> None:
    result = rewritten({'export.py': EXPORT})['export.py']
    (finding,) = (finding for finding in result.findings if finding.code == 'EST901')
    assert 'its model_fn comes from `model`, which is not among the files' in finding.message


def test_tensorflow_by_a_star_import_is_the_reason() -> None:
    source = (
        "from model import *\n\nest = tf.estimator.Estimator(model_fn)\nest.export_savedmodel('out', receiver_fn)\n"
    )
    result = rewritten({'train.py': source, 'model.py': MODEL})['train.py']
    (finding,) = (finding for finding in result.findings if finding.code == 'EST901')
    assert (
        'TensorFlow comes into this file by `from model import *`, if at all: import it by its name' in finding.message
    )
    assert result.source.decode() == source


def test_a_best_exporter_is_said_to_forget() -> None:
    result = rewritten({'a.py': alone("e = tf.estimator.BestExporter('best', make())")})['a.py']
    assert all('BestExporter compares with the evaluations of its own process' in f.advice for f in result.findings)
    assert len(result.findings) == 2


@pytest.mark.parametrize(
    ('given', 'is_said'), [('as_text=True', True), ('as_text=text', True), ('as_text=False', False)]
)
def test_a_model_as_text_is_said_to_be_none(given: str, is_said: bool) -> None:
    findings = rewritten({'a.py': alone(f"make().export_saved_model('out', receiver_fn, {given})")})['a.py'].findings
    assert any('no saved_model.pbtxt' in finding.advice for finding in findings) == is_said


def test_canned_estimators_of_another_file_carry_the_way_out() -> None:
    result = rewritten({'export.py': EXPORT_CANNED, 'models.py': CANNED})['export.py']
    findings = [finding for finding in result.findings if finding.code == 'EST902']
    assert [f.message.partition(': ')[2] for f in findings] == [
        'its model_fn is inside of TensorFlow (`tf.estimator.DNNClassifier`)'
    ] * 2
    assert '`savedmodel-migrate convert export/router/TIMESTAMP NEW_MODEL`' in findings[0].advice
    assert '`savedmodel-migrate convert MODEL_DIR/export/latest/TIMESTAMP NEW_MODEL`' in findings[1].advice


@pytest.mark.parametrize(
    ('made', 'exported', 'said'),
    [
        ('estimator.DNNRegressor([8], [])', "'out/'", 'convert out/TIMESTAMP NEW_MODEL`: it writes'),
        (
            'estimator.DNNRegressor([8], [])',
            'args.folder',
            'EXPORT_DIR/TIMESTAMP NEW_MODEL`, where EXPORT_DIR is `args.f',
        ),
        ('estimator.BoostedTreesClassifier([], 2)', "'out'", "can't be converted either"),
    ],
)
def test_the_way_out_of_a_canned_estimator_is_that_of_the_site(made: str, exported: str, said: str) -> None:
    source = f'import tensorflow as tf\nest = tf.{made}\nest.export_saved_model({exported}, receiver_fn)\n'
    (finding,) = (finding for finding in rewrite(source.encode()).findings if finding.code.startswith('EST'))
    assert finding.code == 'EST902'
    assert said in finding.advice
    assert ('savedmodel-migrate convert' in finding.advice) == ('BoostedTrees' not in made)


def test_the_way_out_of_an_exporter_names_its_folder() -> None:
    source = (
        'import tensorflow as tf\n'
        'est = tf.estimator.LinearClassifier([], model_dir=FLAGS.job_dir)\n'
        "exporter = tf.estimator.FinalExporter('census', receiver_fn)\n"
    )
    (finding,) = (finding for finding in rewrite(source.encode()).findings if finding.code.startswith('EST'))
    command = 'savedmodel-migrate convert MODEL_DIR/export/census/TIMESTAMP NEW_MODEL'
    assert f'`{command}`, where MODEL_DIR is `FLAGS.job_dir`: it writes' in finding.advice


def test_an_older_target_has_estimators_itself() -> None:
    uses = uses_of({'export.py': EXPORT, 'model.py': MODEL})
    result = rewrite(EXPORT.encode(), Options(target_version=(2, 15), estimators=uses['export.py']))
    assert b'estimator_module' not in result.source


def test_placeholders_of_receivers_by_an_import_are_in_a_graph() -> None:
    export = EXPORT.replace('tf.estimator.export.Serving', 'Serving').replace(
        'from model', 'from tensorflow.estimator.export import ServingInputReceiver\nfrom model'
    )
    findings = rewritten({'export.py': export, 'model.py': MODEL})['export.py'].findings
    assert [finding.code for finding in findings] == ['EST102']


def test_placeholders_of_receivers_are_in_a_graph() -> None:
    files = {'export.py': EXPORT + 'raw = tf.placeholder(tf.float32, [None])\n', 'model.py': MODEL}
    findings = rewritten(files)['export.py'].findings
    (finding,) = (finding for finding in findings if finding.code == 'NAM301')
    assert finding.place.line == 13


def test_a_package_that_is_passed_through_is_in_nobodys_way() -> None:
    files = {
        'lib/__init__.py': 'from lib import export, other\n',
        'lib/other.py': 'from tensorflow.python.estimator import gc\nfrom lib import export\n\ngc.paths(export)\n',
        'lib/export.py': EXPORT.replace('from model', 'from lib.model'),
        'lib/model.py': MODEL,
        'train.py': 'import tensorflow as tf\nfrom lib import export\n\nexport.est.train(tf.estimator.inputs.x)\n',
    }
    files['train.py'] = files['train.py'].replace('inputs.x', 'inputs.numpy_input_fn(x, shuffle=True)')
    uses = uses_of(files)
    assert [path for path, use in uses.items() if use.obstacle] == ['lib/other.py']
    (finding,) = (f for f in rewritten(files)['lib/other.py'].findings if f.code.startswith('EST'))
    assert (finding.code, finding.confidence, finding.place.line) == ('EST901', Confidence.MANUAL, 1)
    assert 'it imports `tensorflow.python.estimator.gc` (other.py, line 1)' in finding.message


def test_what_a_package_binds_by_the_name_of_a_module_counts() -> None:
    files = {
        'lib/__init__.py': 'from lib.impl import model\n',
        'lib/model.py': 'x = 1\n',
        'lib/impl.py': MODEL.replace('model_fn', 'model'),
        'export.py': EXPORT.replace('from model import model_fn', 'from lib import model').replace(
            '(model_fn', '(model'
        ),
    }
    assert set(uses_of(files)) == {'lib/impl.py', 'export.py'}


def test_what_stays_says_why_where_nothing_is_exported() -> None:
    files = {
        'build.py': MODEL + '\n\ndef build():\n    return tf.estimator.Estimator(model_fn, config=head)\n',
        'spec.py': 'import build\n' + MODEL,
        'canned.py': 'import build\nimport tensorflow as tf\n\nest = tf.estimator.DNNClassifier([8], [])\n',
    }
    files['build.py'] = files['build.py'].replace('\n', '\nfrom tensorflow.python.estimator.canned import head\n', 1)
    results = rewritten(files)
    said = {
        path: [(f.place.line, f.code, f.message) for f in result.findings if f.code.startswith('EST')]
        for path, result in results.items()
    }
    reason = 'it imports `tensorflow.python.estimator.canned.head` (build.py, line 2)'
    gone = 'is left alone, and raises an error with TensorFlow 2.16 and later'
    assert said == {
        'build.py': [(10, 'EST901', f'`tf.estimator.Estimator` {gone}: {reason}')],
        'spec.py': [(6, 'EST901', f'`tf.estimator.EstimatorSpec` {gone}: {reason}')],
        'canned.py': [
            (4, 'EST902', f'`tf.estimator.DNNClassifier` {gone}: its model_fn is inside of TensorFlow'),
        ],
    }
    told = {(path, finding.place) for path, result in results.items() for finding in result.findings}
    assert len(told) == sum(len(result.findings) for result in results.values())


def test_tensorflow_by_a_star_import_is_not_the_only_reason() -> None:
    source = "from model import *\n\nest = tf.estimator.Estimator(fn)\nest.export_savedmodel('out', receiver_fn)\n"
    model = MODEL.replace('\n', '\nfrom tensorflow.python.estimator.canned import head\n', 1)
    (finding,) = rewritten({'train.py': source, 'model.py': model})['train.py'].findings
    assert 'import it by its name' in finding.message
    assert 'it imports `tensorflow.python.estimator.canned.head` (model.py, line 2)' in finding.message


SUBCLASS = """\
import tensorflow as tf


class Own(tf.estimator.Estimator):
    def {method}(self, features):
        return features
"""


def test_a_class_that_is_an_estimator_is_kept() -> None:
    result = rewritten({'own.py': SUBCLASS.format(method='__call__')})['own.py']
    assert b'class Own(estimator_module.Estimator):' in result.source


def test_a_class_that_may_override_what_is_private_is_not() -> None:
    text = SUBCLASS.format(method='_call_model_fn')
    result = rewritten({'own.py': text})['own.py']
    assert result.source.decode() == text
    (finding,) = result.findings
    assert (finding.code, finding.place.line) == ('EST901', 4)
    assert '`Own._call_model_fn` may override what is private to Estimator (line 5)' in finding.message


@pytest.mark.parametrize(
    ('line', 'becomes'),
    [
        (
            'f = tf.estimator.experimental.build_raw_supervised_input_receiver_fn(x, y)',
            'f = estimator_modes_module.build_raw_supervised_input_receiver_fn(x, y)',
        ),
        (
            'from tensorflow.python.estimator.export import export as lib\nlib.SupervisedInputReceiver(x, y, z)',
            'estimator_modes_module.SupervisedInputReceiver(x, y, z)',
        ),
        (
            'make().experimental_export_all_saved_models(base, receivers)',
            'make().experimental_export_all_saved_models(',
        ),
    ],
)
def test_what_is_exported_for_training_and_evaluation(line: str, becomes: str) -> None:
    result = rewritten({'a.py': alone(line)})['a.py']
    assert becomes in result.source.decode()
    assert 'estimator_modes_module' in result.support_modules
    assert all('in the format of TensorFlow 1' in f.advice for f in result.findings if f.code == 'EST102')


@pytest.mark.parametrize(('given', 'is_kept'), [('model_fn', True), ('other.model_fn', False)])
def test_the_model_fn_of_a_partial_is_where_it_comes_from(given: str, is_kept: bool) -> None:
    result = rewritten({'a.py': alone('import functools, other', f'functools.partial({given}, 2)')})['a.py']
    assert (b'estimator_module.Estimator(functools.partial(' in result.source) == is_kept
    said = [f for f in result.findings if 'its model_fn comes from `other`, which is not among the files' in f.message]
    assert bool(said) != is_kept


def test_names_that_are_gone_are_said_to_be_in_the_way_of_a_kept_estimator() -> None:
    findings = rewritten({'a.py': alone('x = tf.contrib.image.rotate(y)')})['a.py'].findings
    (kept,) = (finding for finding in findings if finding.code == 'EST102')
    assert kept.message.endswith('; the file does not run yet where its name is gone from TensorFlow 2 (NAM201)')
    more = rewritten({'a.py': alone('x = tf.contrib.image.rotate(tf.contrib.image.rotate(y))')})['a.py'].findings
    assert any('where its 2 names are gone' in finding.message for finding in more)


@pytest.mark.parametrize(
    ('line', 'is_said'),
    [
        ("IS_OLD = tf.__version__ < '2'", True),
        ('if tf.VERSION.startswith("1."):\n    x = 1', True),
        ('print(tf.__version__)', False),
        ('version = 2', False),
    ],
)
def test_a_version_that_is_asked_for_is_told_of(line: str, is_said: bool) -> None:
    findings = rewritten({'a.py': alone(line)})['a.py'].findings
    (advice,) = (finding.advice for finding in findings if finding.code == 'EST102')
    assert ('Line 2 asks for the version of TensorFlow' in advice) == is_said
