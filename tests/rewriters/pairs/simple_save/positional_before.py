"""simple_save with positional arguments and dicts of its own."""
import tensorflow as tf

with tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 2], name='x')
    norm = tf.norm(x, axis=1)
    inputs = {'x': x}
    outputs = {'norm': norm}
    tf.saved_model.simple_save(sess, 'export', inputs, outputs)
