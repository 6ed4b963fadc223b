# expect: may each create variables, and share names
import tensorflow as tf


def layer(x):
    return x * tf.get_variable('w', [])


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with_layers = layer(x) + layer(x)
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': with_layers})
