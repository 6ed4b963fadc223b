# expect: a served tensor is built from what is awaited or yielded
import tensorflow as tf


def export():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * (yield 'factor, please')
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
