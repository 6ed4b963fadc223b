# expect: stands in a block that opens a graph, a session or a scope
import tensorflow as tf


def export(folders):
    with tf.Graph().as_default():
        for folder in folders:
            x = tf.placeholder(tf.float32, [None])
            y = x * 2
            with tf.Session() as sess:
                tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})
