"""Variables of `get_variable` in scopes: they are made with the same names, and filled from the checkpoint."""

import tensorflow as tf


def export(checkpoint, export_dir):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 2], name='x')
        with tf.variable_scope('layer'):
            w = tf.get_variable('w', [2, 3])
            b = tf.get_variable('b', [3], initializer=tf.zeros_initializer())
            hidden = tf.nn.relu(tf.matmul(x, w) + b)
        y = tf.reduce_sum(hidden, axis=1)
        saver = tf.train.Saver()
        with tf.Session() as sess:
            saver.restore(sess, checkpoint)
            tf.saved_model.simple_save(sess, export_dir, inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    export('checkpoint/helper', 'export')
