# expect: what `scale` means here depends on when it is read
import tensorflow as tf


def export(scale):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None])
        y = x * scale
        scale = None
        with tf.Session() as sess:
            tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    return scale
