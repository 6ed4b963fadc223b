# expect: LOAD901 looked up by names that are not taken from a signature
# expect: LOAD902 "x:0" is a tensor
# expect: LOAD902 "prefix/y:0" is a tensor
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        tf.saved_model.loader.load(sess, ['serve'], export_dir)
        x = sess.graph.get_tensor_by_name('x:0')
        y = sess.graph.get_tensor_by_name('prefix/y:0')
        return sess.run(y, feed_dict={x: value})
