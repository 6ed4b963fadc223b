# expect of the graph function: the initial value `start` may be a tensor
import tensorflow as tf

def scaled(x, start):
    return x * tf.get_variable('w', initializer=start)


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        y = scaled(x, tf.constant(2.))
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
