# expect of the graph function: `IS_OLD` is another one in TensorFlow 2
import tensorflow as tf

IS_OLD = tf.__version__ < '2'

x = tf.placeholder(tf.float32, [None, 3], name='x')
with tf.variable_scope('net'):
    w = tf.get_variable('w', [3], initializer=tf.ones_initializer())
    y = x * w if IS_OLD else x + w
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
