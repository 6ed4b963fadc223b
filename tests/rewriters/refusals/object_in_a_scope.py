# expect of the graph function: `network.apply` may keep tensors or variables of its own
import tensorflow as tf

from networks import network

network = network()

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        y = network.apply(x)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
