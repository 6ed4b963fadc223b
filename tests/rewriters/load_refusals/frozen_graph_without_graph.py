# expect: LOAD903 in TensorFlow 2 it does nothing
import numpy as np
import tensorflow as tf


def load(path):
    graph_def = tf.GraphDef()
    with tf.gfile.GFile(path, 'rb') as f:
        graph_def.ParseFromString(f.read())
    tf.import_graph_def(graph_def, name='')
