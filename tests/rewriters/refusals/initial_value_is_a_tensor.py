# expect of the graph function: the initial value `tf.random.normal([])` may be a tensor
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        w = tf.Variable(tf.random.normal([]))
        y = x * w
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
