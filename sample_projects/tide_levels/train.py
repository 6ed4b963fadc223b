"""Fits the level of the tide at noon, evaluates while it trains, and exports the model at the end.

    python train.py

writes `model/export/tides/<time>/`, which becomes `tides/1`.
"""
from __future__ import print_function

import os
import shutil

import numpy as np
import tensorflow as tf

DAYS = np.linspace(0, 1, 28).astype(np.float32)
LEVELS = (2 + np.sin(2 * np.pi * DAYS)).astype(np.float32)


def model_fn(features, labels, mode):
    angle = 2 * np.pi * features['day']
    terms = tf.stack([tf.ones_like(angle), tf.sin(angle), tf.cos(angle)], axis=1)
    weights = tf.get_variable('weights', [3, 1], initializer=tf.zeros_initializer())
    level = tf.squeeze(tf.matmul(terms, weights), axis=1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'level': level})
    loss = tf.losses.mean_squared_error(labels, level)
    train_op = None
    if mode == tf.estimator.ModeKeys.TRAIN:
        train_op = tf.train.GradientDescentOptimizer(0.2).minimize(loss, tf.train.get_global_step())
    error = tf.metrics.mean_absolute_error(labels, level)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops={'error': error})


def train_input_fn():
    return tf.data.Dataset.from_tensors(({'day': DAYS}, LEVELS)).repeat()


def eval_input_fn():
    return tf.data.Dataset.from_tensors(({'day': DAYS}, LEVELS))


def serving_input_receiver_fn():
    inputs = {'day': tf.placeholder(tf.float32, [None], name='day')}
    return tf.estimator.export.ServingInputReceiver(inputs, inputs)


def main():
    config = tf.estimator.RunConfig(model_dir='model', save_checkpoints_steps=50)
    estimator = tf.estimator.Estimator(model_fn, config=config)
    exporter = tf.estimator.FinalExporter('tides', serving_input_receiver_fn)
    metrics, exported = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(train_input_fn, max_steps=150),
        tf.estimator.EvalSpec(eval_input_fn, steps=None, exporters=exporter, throttle_secs=0))
    print('error:', metrics['error'])
    shutil.copytree(exported[0].decode(), os.path.join('tides', '1'))


if __name__ == '__main__':
    main()
