"""Names of inputs that Python can't give to an argument: they are put back into what was exported."""

import os

import tensorflow as tf


def export(folder):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        y = tf.placeholder(tf.float32, [None], name='y')
        z = tf.placeholder(tf.float32, [None], name='z')
        total = x + y * z
        inputs = {'in': x, 'größe/y:0': y, '_self': z}
        tf.saved_model.simple_save(sess, os.path.join(folder, '1'), inputs, outputs={'out': total})


if __name__ == '__main__':
    export('export')
