"""Comments of what goes away stay where they can."""
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    # One session per call.
    with tf.Session(graph=tf.Graph()) as sess:  # a fresh graph
        # The model.
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)  # takes a second
        signature = meta_graph.signature_def['serving_default']  # the only one

        # The tensors.
        x = signature.inputs['x'].name  # [batch, 3]
        y = signature.outputs['y'].name  # [batch]

        # The run.
        result = sess.run(y, {x: value})  # all at once
        # Done.
    return np.mean(result)
