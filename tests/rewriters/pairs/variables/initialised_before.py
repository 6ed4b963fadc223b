"""Variables that the session only initialises; one is made from a tensor, one is not used."""
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 2], name='x')
identity = tf.eye(2)
kernel = tf.Variable(identity * 3., name='kernel')
bias = tf.Variable(tf.zeros([2]) + 0.5, name='bias')
steps = tf.Variable(0, trainable=False, name='steps')
y = tf.matmul(x, kernel) + bias

init = tf.global_variables_initializer()
with tf.Session() as sess:
    sess.run(init)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
