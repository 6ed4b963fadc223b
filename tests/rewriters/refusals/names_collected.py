# expect: `locals()` may use names of the graph
import tensorflow as tf


def export():
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    return locals()
