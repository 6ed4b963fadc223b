"""Variables of this file and of another's function, restored together, and one handed to the other."""

import networks
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    b = tf.Variable(0., name='b')
    y = networks.layer(x, b) + b
    saver = tf.train.Saver()
    saver.restore(sess, 'checkpoint/model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
