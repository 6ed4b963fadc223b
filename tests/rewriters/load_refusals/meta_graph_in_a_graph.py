# expect: LOAD903 builds a MetaGraph into the graph that is open here
import numpy as np
import tensorflow as tf


def run(checkpoint, value):
    with tf.Graph().as_default(), tf.Session() as sess:
        saver = tf.train.import_meta_graph(checkpoint + '.meta')
        saver.restore(sess, checkpoint)
        graph = tf.get_default_graph()
        return sess.run(graph.get_tensor_by_name('y:0'), {'x:0': value})
