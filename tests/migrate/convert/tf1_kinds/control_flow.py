"""Loops, conditions and functions, of both generations."""

import tensorflow as tf
from registry import dense, kind, rows, serve


def control_flow(name, build, version):
    def with_version(export):
        (tf.enable_control_flow_v2 if version == 2 else tf.disable_control_flow_v2)()
        try:
            return build()
        finally:
            tf.disable_control_flow_v2()

    with_version.__name__ = f'{name}_v{version}'
    kind(with_version)


def loop():
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, weights))), [0, x])
    return serve({'x': x}, {'y': y})


def condition():
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)
    y = tf.cond(tf.reduce_sum(x) > 0, lambda: tf.matmul(x, weights), lambda: -x)
    return serve({'x': x}, {'y': y})


def recurrence():
    x = tf.placeholder(tf.float32, [None, 5, 3], name='x')
    lengths = tf.placeholder(tf.int32, [None], name='lengths')
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(4), x, tf.minimum(lengths, 5), dtype=tf.float32)
    return serve({'x': x, 'lengths': lengths}, {'outputs': outputs, 'c': state.c})


def mapped():
    x = rows()
    return serve({'x': x}, {'y': tf.map_fn(lambda row: tf.cumsum(row), x)})


for number in (1, 2):
    control_flow('while', loop, number)
    control_flow('cond', condition, number)
    control_flow('rnn', recurrence, number)
    control_flow('map', mapped, number)


@kind
def loop_over_ref(export):
    x = rows()
    weights = tf.get_variable('w', [3, 3])
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, weights))), [0, x])
    return serve({'x': x}, {'y': y})


@kind
def function(export):
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)

    @tf.function
    def double(value):
        return tf.matmul(value, weights) * 2.0

    return serve({'x': x}, {'y': double(x)})


@kind
def defun(export):
    from tensorflow.python.framework import function as function_lib

    @function_lib.Defun(tf.float32)
    def double(value):
        return value * 2.0

    x = rows()
    doubled = double(x)
    doubled.set_shape(x.shape)
    return serve({'x': x}, {'y': dense(doubled, False)})
