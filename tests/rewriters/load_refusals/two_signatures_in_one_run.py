# expect: LOAD901 inputs of one signature are fed, and outputs of another
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        other = meta_graph.signature_def['other']
        return sess.run(other.outputs['z'].name, {x: value})
