"""TensorFlow is imported where the program starts, for functions that stand before."""
import sys


def export(factor):
    x = tf.placeholder(tf.int32, [None], name='x')
    tf.identity(x * factor, name='y')
    with tf.Session() as sess:
        y = tf.get_default_graph().get_tensor_by_name('y:0')
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    if len(sys.argv) < 5:
        import tensorflow as tf
        from tensorflow.python.framework import graph_io
    export(7)
