# expect: LOAD901 opens a graph, a session or a scope around it
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with make_graph().as_default():
        sess = tf.Session(graph=tf.Graph())
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        return sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: value})
