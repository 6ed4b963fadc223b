"""TensorFlow 1 numbers a variable's name that something before has, in whatever case: the same names are read."""

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='W')
    first = tf.Variable(0., name='w')  # w_1
    second = tf.Variable(0., name='w')  # w_2
    third = tf.Variable(0.)
    y = (x * first + second) * third
    saver = tf.train.Saver()
    saver.restore(sess, 'checkpoint/names')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
