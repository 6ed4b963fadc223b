"""TF1 never runs the check, since nothing fetches it; tf.function would. wrap_function leaves it out as TF1 does."""
import tensorflow as tf


def root(x):
    tf.assert_positive(x)
    return tf.sqrt(tf.abs(x))


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'root': root(x)})
