"""Clients know the inputs by other names than the source, and one of them by a name that another has here."""
import tensorflow as tf

with tf.Graph().as_default():
    a = tf.placeholder(tf.float32, [])
    b = tf.placeholder(tf.float32, [])
    difference = a - b
    with tf.Session() as sess:
        print('3 - 1 =', sess.run(difference, {b: 1., a: 3}))
        tf.saved_model.simple_save(sess, 'export', inputs={'b': a, 'c': b}, outputs={'difference': difference})
