# expect: may create variables, in a lambda or comprehension
import tensorflow as tf

import networks

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = tf.map_fn(lambda value: networks.layer(value), x)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
