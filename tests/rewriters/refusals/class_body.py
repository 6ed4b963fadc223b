# expect: the export stands in the body of class `Exporter`
import tensorflow as tf


class Exporter(object):
    SCALE = 3.
    x = tf.placeholder(tf.float32, [None])
    y = x * SCALE
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
