# expect: hands a variable or table to a function that may create more
import tensorflow as tf

import networks

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    b = tf.Variable(0., name='b')
    y = networks.layer(x, b)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
