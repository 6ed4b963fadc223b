# expect: LOAD901 load left alone
# expect: LOAD902 "y:0", "x:0" are tensors of the graph
import numpy as np
import tensorflow as tf


X = 'x:0'
Y = 'y:0'


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        tf.saved_model.loader.load(sess, ['serve'], export_dir)
        return sess.run(Y, feed_dict={X: value})
