# Sizes of static shapes are ints in TensorFlow 2, or None, and Dimensions in TensorFlow 1.
import tensorflow as tf


def flatten(x):
    known = [size.value for size in x.get_shape()]
    rows, *_ = x.shape
    flat = tf.reshape(x, [-1, x.get_shape()[1].value * x.get_shape()[2].value])
    return flat if rows.value is None else flat * float(known[0])


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 2, 3])
    y = flatten(x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
