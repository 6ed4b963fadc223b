# expect of the graph function: graph is built outside of the graph that is exported
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
with tf.name_scope('net'):
    y = x * 2
with tf.Session(graph=tf.Graph()) as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
