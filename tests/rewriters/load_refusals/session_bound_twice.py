# expect: LOAD901 `sess` uses the session in a way
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    sess = tf.Session(graph=tf.Graph())
    if value is None:
        sess = tf.Session(graph=tf.Graph(), config=tf.ConfigProto())
    meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
    signature = meta_graph.signature_def['serving_default']
    return sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: value})
