# expect of the graph function: depends on the placeholder `k`, which is no input
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    k = tf.placeholder(tf.float32, [])
    with tf.name_scope('net'):
        y = x * k
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
