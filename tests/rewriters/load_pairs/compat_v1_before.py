"""Code that uses compat.v1 already, with settings for the session."""
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    config = tf.compat.v1.ConfigProto()
    config.gpu_options.allow_growth = True
    with tf.compat.v1.Session(graph=tf.Graph(), config=config) as sess:
        meta_graph = tf.compat.v1.saved_model.load(sess, [tf.saved_model.SERVING], export_dir)
        signature = meta_graph.signature_def['serving_default']
        return sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: np.float32(value)})
