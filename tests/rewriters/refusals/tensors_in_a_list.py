# expect: `part in parts` compares objects in TensorFlow 1 and elements in TensorFlow 2
import tensorflow as tf


def total(first, second):
    parts = [first]
    parts.append(second)
    last = tf.identity(second)
    part = last if last.shape.ndims else first
    return first if part in parts else last


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = tf.placeholder(tf.float32, [None])
    z = total(x, second=y)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x, 'y': y}, outputs={'z': z})
