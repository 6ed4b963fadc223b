# expect: stands in a block that opens a graph, a session or a scope
import tensorflow as tf

with tf.Graph().as_default(), tf.device('/cpu:0'):
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
