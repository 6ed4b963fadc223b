# expect: variables made here and in a called function are restored together
import tensorflow as tf

import networks

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    b = tf.Variable(0., name='b')
    y = networks.layer(x) + b
    saver = tf.train.Saver()
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
