# expect of the graph function: can't go into a graph function
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        w = tf.get_variable('w', [])
        y = x * w
    step = tf.train.GradientDescentOptimizer(0.1).minimize(y)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
