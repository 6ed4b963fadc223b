"""Layers, whose names count up as in TensorFlow 1; they need Keras 2."""

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 2], name='x')
    hidden = tf.layers.dense(x, 3, kernel_initializer=tf.ones_initializer(), activation=tf.nn.relu)
    y = tf.layers.dense(hidden, 1, kernel_initializer=tf.ones_initializer())
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
