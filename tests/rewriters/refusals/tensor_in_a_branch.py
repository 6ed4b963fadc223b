# expect: a served tensor is built inside a compound statement
import tensorflow as tf


def export(square):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        if square:
            y = tf.square(x)
        else:
            y = tf.identity(x)
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
