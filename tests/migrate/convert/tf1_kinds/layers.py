"""Layers, and what training leaves in a graph."""

import numpy as np
import tensorflow as tf
from registry import dense, kind, rows, serve


@kind
def batch_norm_ref(export):
    x = rows()
    return serve({'x': x}, {'y': tf.layers.batch_normalization(tf.layers.dense(x, 4), training=False)})


@kind
def convolution(export):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], name='x')
    hidden = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu)
    return serve({'x': x}, {'y': tf.layers.dense(tf.layers.flatten(hidden), 2)})


@kind
def keras(export):
    tf.keras.backend.set_session(tf.get_default_session())
    x = tf.keras.Input([3], name='x')
    y = tf.keras.layers.Dense(2)(tf.keras.layers.BatchNormalization()(x))
    return serve({'x': x}, {'y': y})


@kind
def contrib_layers(export):
    x = rows()
    return serve({'x': x}, {'y': tf.contrib.layers.fully_connected(tf.contrib.layers.layer_norm(x), 2)})


@kind
def moving_average(export):
    x = rows()
    weights = tf.get_variable('w', [3, 2])
    averages = tf.train.ExponentialMovingAverage(0.9)
    export.before = [averages.apply([weights])]
    return serve({'x': x}, {'y': tf.matmul(x, averages.average(weights))})


@kind
def trained(export):
    x = rows()
    y = dense(x, False)
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(y**2), tf.train.get_or_create_global_step())
    export.before = [(train, {x: np.ones([4, 3], np.float32)})] * 3
    return serve({'x': x}, {'y': y})


@kind
def queue_beside(export):
    x = rows()
    tf.train.batch([tf.constant(1.0)], 2)
    return serve({'x': x}, {'y': dense(x, False)})
