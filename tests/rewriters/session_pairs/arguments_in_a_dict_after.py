"""simple_save gets its arguments from a dict that is made elsewhere."""
import tensorflow as tf
import session_module


class Logger:
    def __init__(self, sess, inputs, outputs):
        self.elements = dict(session=sess, inputs=inputs, outputs=outputs)

    def save(self, folder):
        session_module.simple_save(export_dir=folder, **self.elements)


with tf.compat.v1.Session(graph=tf.Graph()) as sess:
    x = tf.compat.v1.placeholder(tf.float32, [None, 2], name='x')
    weights = tf.Variable([[3.0], [4.0]], name='weights')
    sess.run(tf.compat.v1.global_variables_initializer())
    Logger(sess, {'x': x}, {'y': tf.matmul(x, weights)}).save('export')
