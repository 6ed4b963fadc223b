# expect: comes from a call that may build graph out of sight
import tensorflow as tf


def export():
    x = tf.placeholder(tf.float32, [None])

    def constant():
        return tf.constant(2.)

    factor = constant()
    y = x * factor
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
