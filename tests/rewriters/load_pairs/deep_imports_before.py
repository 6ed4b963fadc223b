"""Modules of TensorFlow's own source, and get_tensor_from_tensor_info."""
import numpy as np
import tensorflow as tf
from tensorflow.python.saved_model import loader, signature_constants, tag_constants


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = loader.load(sess, [tag_constants.SERVING], export_dir)
        signature = meta_graph.signature_def[signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]
        info = signature.inputs['x']
        x = tf.saved_model.utils.get_tensor_from_tensor_info(info, sess.graph)
        y = sess.graph.get_tensor_by_name(signature.outputs['y'].name)
        return sess.run(y, {x: np.float32(value)})
