"""Ops that TensorFlow 2 might not have."""

import tensorflow as tf
from registry import kind, rows, serve


@kind
def python_function(export):
    x = rows()
    y = tf.py_func(lambda value: value * 2, [x], tf.float32)
    return serve({'x': x}, {'y': y})


@kind
def contrib_op(export):
    images = tf.placeholder(tf.float32, [None, 4, 4, 1], name='images')
    return serve({'images': images}, {'y': tf.contrib.image.rotate(images, 0.5)})
