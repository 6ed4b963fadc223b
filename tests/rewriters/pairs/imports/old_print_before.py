"""Code that was written for Python 2 and 3."""
from __future__ import print_function

import sys

import tensorflow as tf

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_integer('size', 2, 'Numbers in each vector.')


def main(_):
    x = tf.placeholder(tf.float32, [None, FLAGS.size])
    y = tf.reduce_max(x, axis=1)
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    print('exported', file=sys.stderr)


if __name__ == '__main__':
    tf.app.run()
