# expect: LOAD903 builds a GraphDef into the graph that is open here
import numpy as np
import tensorflow as tf


def load(graph_def):
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name='')
    return tf.Session(graph=graph)
