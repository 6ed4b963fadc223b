# expect: `y` is used outside of the export
import tensorflow as tf


def export():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        with tf.Session() as sess:
            tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    return y
