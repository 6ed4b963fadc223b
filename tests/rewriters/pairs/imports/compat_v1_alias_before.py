"""TF1's API under a name of its own besides `tf`: new code is written with `tf`."""
import tensorflow as tf
import tensorflow.compat.v1 as tf1

with tf1.Graph().as_default(), tf1.Session() as sess:
    x = tf1.placeholder(tf.float32, [None])
    y = tf.math.exp(x)
    tf1.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
