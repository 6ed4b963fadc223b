"""What is exported for TRAIN and EVAL: the tags, signatures and values that TensorFlow 1 gave it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
sys.path.insert(0, str(Path(__file__).parents[2] / 'rewriters' / 'support'))  # they import each other by their names
import estimator_modes_module as modes  # noqa: E402
import estimator_module as em  # noqa: E402

X = np.array([[1.0], [2.0]], np.float32)
Y = np.array([[4.0], [6.0]], np.float32)


def model_fn(features: Any, labels: Any, mode: str) -> Any:
    weight = tf1.get_variable('w', [1, 1], initializer=tf1.ones_initializer())
    y = features['x'] @ weight
    if mode == em.ModeKeys.PREDICT:
        return em.EstimatorSpec(mode, predictions={'y': y})
    loss = tf1.losses.mean_squared_error(labels, y)
    train_op = tf1.assign_add(tf1.train.get_global_step(), 1)  # a variable and not an op
    metrics = {'error': tf1.metrics.mean_absolute_error(labels, y)}
    return em.EstimatorSpec(mode, {'y': y}, loss, train_op, metrics)


def input_fn() -> Any:
    return tf.data.Dataset.from_tensors(({'x': X}, Y))


def floats() -> Any:
    x = {'x': tf1.placeholder(tf.float32, [None, 1])}
    return em.ServingInputReceiver(x, x)


def loaded(folder: bytes, tag: str) -> Any:
    """(session, the one signature) in a graph that is open until the session is closed."""
    session = tf1.Session(graph=tf.Graph())
    (signature,) = tf1.saved_model.load(session, [tag], folder.decode()).signature_def.items()
    return session, signature


@pytest.fixture(scope='module')
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model of all three modes."""
    folder = tmp_path_factory.mktemp('model')
    estimator = em.Estimator(model_fn, str(folder / 'checkpoints')).train(input_fn, steps=1)
    labelled = modes.build_supervised_input_receiver_fn_from_input_fn(input_fn)
    receivers = {em.ModeKeys.PREDICT: floats, em.ModeKeys.EVAL: labelled, em.ModeKeys.TRAIN: labelled}
    written: bytes = estimator.experimental_export_all_saved_models(str(folder / 'export'), receivers)
    return written


def test_the_graph_for_evaluation_has_the_signature_of_tensorflow_1(exported: bytes) -> None:
    session, (key, signature) = loaded(exported, 'eval')
    with session:
        assert (key, signature.method_name) == ('eval', 'tensorflow/supervised/eval')
        assert sorted(signature.inputs) == ['label', 'x']
        names = ['loss', 'metrics/error/update_op', 'metrics/error/value', 'predictions/y']
        assert sorted(signature.outputs) == names
        tensor = {name: info.name for name, info in [*signature.inputs.items(), *signature.outputs.items()]}
        fed = {tensor['x']: X, tensor['label']: Y}
        loss, y, _ = session.run([tensor['loss'], tensor['predictions/y'], tensor['metrics/error/update_op']], fed)
        assert float(loss) == np.mean((X - Y) ** 2)
        np.testing.assert_array_equal(y, X)
        assert float(session.run(tensor['metrics/error/value'])) == 3.5


def test_the_other_graphs_stand_beside_it(exported: bytes) -> None:
    for tag, key, method in [
        ('train', 'train', 'tensorflow/supervised/training'),
        ('serve', 'serving_default', 'tensorflow/serving/predict'),
    ]:
        session, (found, signature) = loaded(exported, tag)
        with session:
            assert (found, signature.method_name) == (key, method)
    served = tf.saved_model.load(exported.decode(), tags=['serve']).signatures['serving_default']
    np.testing.assert_array_equal(served(x=tf.constant(X))['y'], X)


def test_a_lone_receiver_for_serving_writes_a_tensorflow_2_model(tmp_path: Path) -> None:
    estimator = em.Estimator(model_fn, str(tmp_path / 'checkpoints')).train(input_fn, steps=1)
    receivers = {em.ModeKeys.PREDICT: floats, em.ModeKeys.EVAL: None}
    folder = estimator.experimental_export_all_saved_models(str(tmp_path / 'export'), receivers)
    assert list(tf.saved_model.load(folder.decode()).signatures) == ['serving_default']
    with pytest.raises(ValueError, match='None of these is a mode'):
        estimator.experimental_export_all_saved_models(str(tmp_path / 'export'), {'test': floats})


def test_features_and_labels_have_names_of_their_own() -> None:
    with tf.Graph().as_default():
        x = tf.zeros([2, 1])
        with pytest.raises(ValueError, match='different keys'):
            modes.build_raw_supervised_input_receiver_fn({'x': x}, {'x': x})
        receiver = modes.build_raw_supervised_input_receiver_fn(x, x)()
        assert sorted(receiver.receiver_tensors) == ['input', 'label']
        assert receiver.features.shape.as_list() == [None, 1]
        unlabelled = modes.UnsupervisedInputReceiver(x, x)
        assert (list(unlabelled.features), list(unlabelled.receiver_tensors)) == (['feature'], ['input'])
