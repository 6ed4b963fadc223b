# expect: stands in a block that opens a graph, a session or a scope
import tensorflow as tf

with tf.variable_scope('net'):
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(1., name='w')
    y = x * w
    saver = tf.train.Saver()
    with tf.Session() as sess:
        saver.restore(sess, 'model.ckpt')
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
