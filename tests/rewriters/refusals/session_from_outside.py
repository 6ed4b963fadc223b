# expect: the session `sess` is not opened in the same block
import tensorflow as tf


def export(sess, x, y):
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
