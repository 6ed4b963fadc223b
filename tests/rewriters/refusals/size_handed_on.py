# expect: `rows` compares in another way in TensorFlow 2
import tensorflow as tf


def scaled(value, rows):
    return value * (2.0 if rows is None else 3.0)


x = tf.placeholder(tf.float32, [None, 3])
y = scaled(x, x.shape[0])
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
