"""Saves sessions by the session module, and compares what clients of both kinds get with what the session gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
from rewriters.support import session_module  # noqa: E402 - imports TensorFlow

PREDICT = 'tensorflow/serving/predict'


def in_eager_mode(function, *arguments):
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, *arguments).result()


def signature(inputs, outputs, method_name=PREDICT):
    def infos(tensors):
        return {name: tf1.saved_model.build_tensor_info(tensor) for name, tensor in tensors.items()}

    return tf1.saved_model.build_signature_def(infos(inputs), infos(outputs), method_name)


def run_in_session(session, signature_def, feeds):
    """What a client gets that feeds and fetches what a signature names. Feeds by `x`, or `x_indices` and so on."""
    places = session_module._tensor_names(signature_def.inputs)
    return session.run(session_module._tensor_names(signature_def.outputs), {places[k]: v for k, v in feeds.items()})


def load_in_session(directory, key, feeds, tags=('serve',)):
    with tf.Graph().as_default(), tf1.Session() as session:
        loaded = tf1.saved_model.load(session, list(tags), str(directory))
        return run_in_session(session, loaded.signature_def[key], feeds)


def load_as_object(directory, key, feeds):
    def run():
        model = tf.saved_model.load(str(directory))
        values = model.signatures[key](**{name: tf.constant(value) for name, value in feeds.items()})
        return {name: part.numpy() for alias, value in values.items() for name, part in dense_parts(alias, value)}

    return in_eager_mode(run)


def dense_parts(alias, value):
    if isinstance(value, tf.SparseTensor):
        return [(f'{alias}_{part}', getattr(value, part)) for part in ('indices', 'values', 'dense_shape')]
    if isinstance(value, tf.RaggedTensor):
        return [
            (f'{alias}_component_{i}', part) for i, part in enumerate([value.flat_values, *value.nested_row_splits])
        ]
    return [(alias, value)]


def assert_same(left, right):
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_array_equal(np.asarray(left[name]), np.asarray(right[name]), err_msg=name)
        assert np.asarray(left[name]).dtype == np.asarray(right[name]).dtype


def save_and_compare(sess, directory, signatures, feeds, **options):
    """Saves, and compares what clients of both kinds get with what the session gives, before and after."""
    before = {key: run_in_session(sess, signatures[key], feeds[key]) for key in feeds}
    session_module.save(sess, directory, signatures, **options)
    for key in feeds:
        assert_same(before[key], run_in_session(sess, signatures[key], feeds[key]))
        assert_same(before[key], load_in_session(directory, key, feeds[key], options.get('tags', ('serve',))))
        assert_same(before[key], load_as_object(directory, key, feeds[key]))


def serve(sess, directory, inputs, outputs, feeds, **options):
    signatures = {'serving_default': signature(inputs, outputs)}
    save_and_compare(sess, directory, signatures, {'serving_default': feeds}, **options)


def read_meta_graph(directory):
    from tensorflow.core.protobuf import saved_model_pb2

    return saved_model_pb2.SavedModel.FromString((Path(directory) / 'saved_model.pb').read_bytes()).meta_graphs[0]


def linear(x, use_resource=True):
    with tf1.variable_scope('linear', use_resource=use_resource):
        weights = tf1.get_variable('weights', initializer=[[1.5], [-2.0]])
        bias = tf1.get_variable('bias', initializer=[0.25], trainable=False)
    return tf.matmul(x, weights) + bias


ROWS = np.array([[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5]], np.float32)
