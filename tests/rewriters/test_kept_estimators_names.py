"""Estimators whose model_fn stays: what becomes of names of `tf.estimator`, and what is said of them."""

from __future__ import annotations

import pytest

from rewriters import Confidence
from tests.rewriters.estimator_files import EXPORT, MODEL, SUBCLASS, alone, rewritten


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


SPEC = 's = {}TPUEstimatorSpec(1)\n'


@pytest.mark.parametrize(
    'lines',
    [
        'from tensorflow.contrib import tpu as t\ny = t.outside_compilation(f, 1)\n' + SPEC.format('t.'),
        'y = tf.contrib.tpu.cross_replica_sum(1)\n' + SPEC.format('tf.contrib.tpu.'),
        'from tensorflow.contrib.tpu import cross_replica_sum\n' + SPEC.format('tf.contrib.tpu.'),
        'from tensorflow.contrib.tpu import TPUEstimatorSpec, cross_replica_sum\n' + SPEC.format(''),
        'from tensorflow.contrib.tpu import (\n    TPUEstimatorSpec, cross_replica_sum)\n' + SPEC.format(''),
        'from tensorflow.contrib.tpu import (  # both\n    TPUEstimatorSpec, cross_replica_sum)\n' + SPEC.format(''),
    ],
)
def test_what_has_a_home_elsewhere_is_in_nobodys_way(lines: str) -> None:
    once = rewritten({'a.py': alone(lines)})['a.py']
    assert 'contrib' not in once.source.decode()
    assert 'compat.v1.tpu' in once.source.decode()
    assert 'estimator_tpu_module' in once.support_modules
    assert {finding.code for finding in once.findings} == {'EST102'}
    again = rewritten({'a.py': once.source.decode()})['a.py']
    assert again.source == once.source
    assert not again.findings


@pytest.mark.parametrize(
    ('source', 'spelled'),
    [
        ('from tensorflow.contrib import tpu\ny = tpu.core(0)\ne = tpu.TPUEstimator(f, use_tpu=False)\n', 'tpu.core'),
        (alone("name = f'{tf.contrib.tpu.core}'"), 'tf.contrib.tpu.core'),
    ],
)
def test_what_cannot_be_taken_to_its_home_is_in_the_way(source: str, spelled: str) -> None:
    result = rewritten({'a.py': source})['a.py']
    left = [finding.message for finding in result.findings if finding.code == 'EST901']
    assert left
    assert all(f'it uses `{spelled}`' in message for message in left)
    assert not result.support_modules


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


def test_a_class_that_is_an_estimator_is_kept() -> None:
    result = rewritten({'own.py': SUBCLASS.format(method='__call__')})['own.py']
    assert b'class Own(estimator_module.Estimator):' in result.source


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


def test_an_estimator_of_a_file_that_imports_tensorflow_late_says_that_it_no_longer_does() -> None:
    body = ''.join(f'    {line}\n' for line in MODEL.splitlines())
    late = f'def make():\n{body}\n    return tf.estimator.Estimator(model_fn, "ckpt")\n'
    for source, is_said in ((late, True), (f'import tensorflow as tf\n\n\n{late}', False)):
        (finding,) = rewritten({'a.py': source})['a.py'].findings
        assert ('as soon as the file is loaded' in finding.advice) is is_said
