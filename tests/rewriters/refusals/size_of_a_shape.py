# expect: is what TensorFlow 2 gives without `.value`
import tensorflow as tf


def known(size):
    return size.value


def flatten(x):
    return tf.reshape(x, [-1, known(x.get_shape()[1]) * known(x.get_shape()[2])])


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 2, 3])
    y = flatten(x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
