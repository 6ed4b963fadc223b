# expect: the dtype and shape of the input `x` can't be read
import tensorflow as tf


def make_input():
    return tf.placeholder(tf.float32, [None])


with tf.Graph().as_default(), tf.Session() as sess:
    x = make_input()
    y = x * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
