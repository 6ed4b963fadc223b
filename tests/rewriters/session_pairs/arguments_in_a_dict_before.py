"""simple_save gets its arguments from a dict that is made elsewhere."""
import tensorflow as tf


class Logger:
    def __init__(self, sess, inputs, outputs):
        self.elements = dict(session=sess, inputs=inputs, outputs=outputs)

    def save(self, folder):
        tf.saved_model.simple_save(export_dir=folder, **self.elements)


with tf.Session(graph=tf.Graph()) as sess:
    x = tf.placeholder(tf.float32, [None, 2], name='x')
    weights = tf.Variable([[3.0], [4.0]], name='weights')
    sess.run(tf.global_variables_initializer())
    Logger(sess, {'x': x}, {'y': tf.matmul(x, weights)}).save('export')
