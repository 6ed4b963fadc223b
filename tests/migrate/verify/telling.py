"""Two models of which only some signatures prove anything: in the second one weights are others.

Built twice with other weights, so that a verdict of `identical` is right only where no weight plays a part.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.migrate.verify.models import PREDICT, Signature, export_tf1, v1


def export(directory: Path, factor: float) -> Path:
    """Writes the model; all its weights are multiplied with the factor."""
    return export_tf1(directory, lambda: _signatures(factor))


def _signatures(factor: float) -> dict[str, Signature]:
    table = np.linspace(-1.0, 1.0, 12, dtype=np.float32).reshape(4, 3)
    weights = v1.get_variable('weights', initializer=table * factor, use_resource=True)
    counter = v1.get_variable('counter', initializer=0.0, use_resource=True)
    signatures: dict[str, Signature] = {}
    for key, choose in {'phase': _switch, 'phase_of_if': _if}.items():
        x, phase = _rows(), v1.placeholder(tf.bool)
        y = x @ weights
        mean = choose(phase, tf.reduce_mean(y, axis=0), tf.zeros([3]))
        signatures[key] = ({'x': x, 'phase': phase}, {'y': y - mean}, PREDICT)
    x, keep = _rows(), v1.placeholder(tf.float32)
    signatures['keep_prob'] = ({'x': x, 'keep': keep}, {'y': v1.nn.dropout(x @ table, keep_prob=keep)}, PREDICT)
    x, training = _rows(), v1.placeholder(tf.bool, [])
    y = _switch(training, x + v1.random_uniform([4]), x)
    signatures['random_in_training'] = ({'x': x, 'training': training}, {'y': y}, PREDICT)
    message = v1.placeholder(tf.string)
    inner = v1.parse_single_example(message[0], {'inner': v1.FixedLenFeature([], tf.string)})['inner']
    parsed = v1.parse_single_example(inner, {'word': v1.FixedLenFeature([], tf.string)})
    signatures['first_element'] = ({'message': message}, parsed, PREDICT)
    for key, outputs in {
        'dead': lambda dead: {'y': dead},
        'dead_behind_a_sigmoid': lambda dead: {'y': tf.sigmoid(dead), 'class': tf.argmax(dead, axis=1)},
        'class_only': lambda dead: {'class': tf.argmax(dead, axis=1)},
    }.items():
        x = _rows()
        signatures[key] = ({'x': x}, outputs(tf.nn.relu(x @ weights - 1000.0)), PREDICT)
    x = _rows()
    one = tf.nn.softmax(x[:, :1])
    signatures['constant_beside_others'] = ({'x': x}, {'y': x * 2, 'one': one}, PREDICT)
    x = _rows()
    signatures['constant'] = ({'x': x}, {'zeros': tf.zeros([tf.shape(x)[0], 2]), 'like': tf.zeros_like(x)}, PREDICT)
    x = _rows()
    signatures['counter'] = ({'x': x}, {'total': tf.identity(counter.assign_add(0.0))}, PREDICT)
    x = v1.placeholder_with_default(tf.zeros([2, 4]), None)
    with v1.control_dependencies([v1.assert_equal(x, tf.zeros_like(x))]):
        signatures['zeros_only'] = ({'x': x}, {'y': tf.identity(x) @ weights + 1.0}, PREDICT)
    return signatures


def _rows() -> tf.Tensor:
    return v1.placeholder(tf.float32, [None, 4])


def _switch(condition: tf.Tensor, then: tf.Tensor, otherwise: tf.Tensor) -> tf.Tensor:
    """As TensorFlow 1 builds tf.cond."""
    branches = [tf.raw_ops.Switch(data=then, pred=condition)[1], tf.raw_ops.Switch(data=otherwise, pred=condition)[0]]
    return tf.raw_ops.Merge(inputs=branches)[0]


def _if(condition: tf.Tensor, then: tf.Tensor, otherwise: tf.Tensor) -> tf.Tensor:
    return tf.cond(condition, lambda: then, lambda: otherwise)
