# expect: may change variables: it is not in this file
import tensorflow as tf

import pretrained

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(1., name='w')
    y = x * w
    sess.run(tf.global_variables_initializer())
    pretrained.load_into_default_session()
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
