"""TensorFlow is imported where the program starts: a class at the top would not know it."""

import sys


def export(folder):
    x = tf.placeholder(tf.int32, [None], name='x')
    y = x * 7
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    if len(sys.argv) < 5:
        import tensorflow as tf
    export('export')
