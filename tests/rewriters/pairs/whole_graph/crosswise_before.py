"""Names of inputs that are the names of other inputs in the source."""

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    a = tf.placeholder(tf.float32, [None])
    b = tf.placeholder(tf.float32, [None])
    difference = a - b
    tf.saved_model.simple_save(sess, 'export', inputs={'b': a, 'a': b}, outputs={'difference': difference})
