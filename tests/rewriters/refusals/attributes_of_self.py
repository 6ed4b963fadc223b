# expect: the graph is built from attributes of `self`
import tensorflow as tf


class Exporter(object):
    scale = 2.

    def export(self):
        with tf.Graph().as_default(), tf.Session() as sess:
            x = tf.placeholder(tf.float32, [None])
            y = x * self.scale
            tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
