# expect of the graph function: may find what is built outside of this block
import tensorflow as tf


def export(folder, saved):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [None], 'x')
    tf.identity(x * 2, 'y')
    if saved:
        with tf.Session() as sess:
            x = tf.get_default_graph().get_tensor_by_name('x:0')
            y = tf.get_default_graph().get_tensor_by_name('y:0')
            tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})
