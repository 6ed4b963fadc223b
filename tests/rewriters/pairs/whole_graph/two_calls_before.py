"""Two calls that make variables: in one graph function, their names stay as they were."""

import tensorflow as tf


def scaled(x, factor):
    with tf.variable_scope(None, default_name='scaled'):
        return x * tf.get_variable('factor', [], initializer=tf.constant_initializer(factor))


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    y = scaled(scaled(x, 2.), 3.)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
