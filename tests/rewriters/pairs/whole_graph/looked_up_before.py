"""Tensors that are looked up by name in a graph that starts anew in the same function."""

import tensorflow as tf


def export(folder, factor):
    tf.reset_default_graph()
    tf.placeholder(tf.float32, [None], 'x')
    x = tf.get_default_graph().get_tensor_by_name('x:0')
    tf.identity(x * factor, 'y')
    with tf.Session() as sess:
        y = tf.get_default_graph().get_tensor_by_name('y:0')
        tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})


export('export', 3.)
