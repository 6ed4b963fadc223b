"""Estimators that stay as they are: what is in the way, and the way out."""

from __future__ import annotations

import pytest

from rewriters import Confidence, rewrite
from rewriters.kept_estimators.names import SUPPORT_MODULE
from tests.rewriters.estimator_files import EXPORT, MODEL, SUBCLASS, alone, rewritten, uses_of

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


def test_a_class_that_may_override_what_is_private_is_not() -> None:
    text = SUBCLASS.format(method='_call_model_fn')
    result = rewritten({'own.py': text})['own.py']
    assert result.source.decode() == text
    (finding,) = result.findings
    assert (finding.code, finding.place.line) == ('EST901', 4)
    assert '`Own._call_model_fn` may override what is private to Estimator (line 5)' in finding.message


def test_names_that_are_gone_are_said_to_be_in_the_way_of_a_kept_estimator() -> None:
    findings = rewritten({'a.py': alone('x = tf.contrib.image.rotate(y)')})['a.py'].findings
    (kept,) = (finding for finding in findings if finding.code == 'EST102')
    assert kept.message.endswith('; the file does not run yet where its name is gone from TensorFlow 2 (NAM201)')
    more = rewritten({'a.py': alone('x = tf.contrib.image.rotate(tf.contrib.image.rotate(y))')})['a.py'].findings
    assert any('where its 2 names are gone' in finding.message for finding in more)
