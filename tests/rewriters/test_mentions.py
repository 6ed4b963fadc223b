"""A file's part in Estimators is told by its text where that is certain, and by its tree elsewhere."""

import pytest

from rewriters.kept_estimators import facts
from rewriters.kept_estimators.facts import Facts, read_facts

_V1 = 'import tensorflow.compat.v1 as tf\n'
_PART = 'from tensorflow.compat.v1 import estimator as tf_estimator\n'


@pytest.mark.parametrize(
    'source',
    [
        f'{_V1}{_PART}x = tf_estimator.ModeKeys.TRAIN\n',
        'import tensorflow as tf\nx = tf.estimator.EstimatorSpec(tf.estimator.ModeKeys.EVAL)  # of tf itself\n',
        f'{_V1}from tensorflow.python.ops import inplace_ops\ndef f(inplace_ops): return tf.nn.relu(inplace_ops)\n',
        f'{_V1}"""Taken from tensorflow: see the import there."""\nx = {{"f": tf.contrib.layers.flatten}}\n',
    ],
)
def test_most_files_are_not_parsed(source, monkeypatch):
    expected = read_facts(source.encode())
    monkeypatch.delattr(facts, 'read_symbols')
    assert read_facts(source.encode()) == expected == Facts()


@pytest.mark.parametrize(
    ('source', 'obstacle'),
    [
        (f'{_V1}x = tf.estimator.DNNClassifier\n', 'it uses `tf.estimator.DNNClassifier`'),
        (f'{_V1}x = (tf.estimator  # "noted"\n    .DNNClassifier)\n', 'it uses `tf.estimator.DNNClassifier`'),
        (f'{_V1}x = tf.\\\n    estimator.DNNClassifier\n', 'it uses `tf.estimator.DNNClassifier`'),
        (f'{_V1}x = tf.compat.v1.estimator\n', 'it uses `tf.compat.v1.estimator`'),
        (f'{_V1}flow = tf\nx = flow.estimator.DNNClassifier\n', 'it uses `flow.estimator.DNNClassifier`'),
        (f'{_V1}x = f"it\\"s {{tf.estimator.ModeKeys.TRAIN}}"\n', 'stands in an f-string'),
        (f'{_V1}x = f"""\n{{tf.estimator.ModeKeys.TRAIN}}"""\n', 'stands in an f-string'),
        (f'{_V1}x = tf.estimator.RunConfig(protocol="grpc")\n', 'its RunConfig has protocol=…'),
        (f'{_PART}f(tf_estimator)\n', 'it hands `estimator` on'),
        (f'{_PART}import other as tf_estimator\nx = tf_estimator.ModeKeys\n', 'may mean something else'),
        ('import tensorflow as tf; x = tf.estimator.DNNClassifier\n', 'it uses `tf.estimator.DNNClassifier`'),
        ('from tensorflow.contrib.learn import Experiment\n', 'it imports `tensorflow.contrib.learn.Experiment`'),
        ('import os, \\\n    tensorflow_estimator\n', 'it imports `tensorflow_estimator`'),
    ],
)
def test_no_obstacle_is_overlooked(source, obstacle):
    found = read_facts(source.encode()).obstacle
    assert found is not None
    assert obstacle in found[0]


@pytest.mark.parametrize(
    'source',
    [
        f'{_V1}x = tf.estimator.Estimator(f)\n',
        f'{_PART}x = tf_estimator.Estimator(f)\n',
        f'{_V1}make = tf.estimator.Estimator\nx = make(f)\n',
    ],
)
def test_no_estimator_is_overlooked(source):
    assert read_facts(source.encode()).makes
