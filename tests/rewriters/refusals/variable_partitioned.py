# expect of the graph function: `partitioner=…` of a variable is not understood
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        w = tf.get_variable('w', [4], partitioner=tf.fixed_size_partitioner(2))
        y = x * tf.reduce_sum(w)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
