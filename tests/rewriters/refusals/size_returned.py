# expect: `rows(x)` compares in another way in TensorFlow 2
import tensorflow as tf


def rows(value):
    return value.shape[0]


x = tf.placeholder(tf.float32, [None, 3])
y = x * (2.0 if rows(x) is None else 3.0)
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
