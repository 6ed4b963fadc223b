# expect: `x` is used by code that is no part of the export
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])


def double(value=x):
    return value * 2


y = double()
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
