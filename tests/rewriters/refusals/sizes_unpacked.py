# expect of the graph function: `rows` compares in another way in TensorFlow 2
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3], name='x')
with tf.variable_scope('net'):
    y = x * tf.get_variable('w', [3], initializer=tf.ones_initializer())
    rows, columns = y.get_shape()
    if rows != columns:
        y = y * 2.0
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
