# expect of the graph function: `tf.compat.v1.get_default_graph().get_tensor_by_name('w:0')` may find a tensor of a variable
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 3], name='x')
    w = tf.get_variable('w', [3, 2], initializer=tf.ones_initializer())
    y = tf.matmul(x, w)
    own = tf.get_default_graph().get_tensor_by_name('w:0')
    z = tf.matmul(x, own)
    saver = tf.train.Saver()
    saver.restore(sess, 'model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y, 'z': z})
