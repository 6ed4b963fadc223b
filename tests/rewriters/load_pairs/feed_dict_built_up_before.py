"""A dict to feed that is put together before the run, and a list of outputs in a variable."""
import numpy as np
import tensorflow as tf


def run(export_dir, rows, lengths=None):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        inputs = signature.inputs
        ids = signature.outputs['ids'].name
        fetches = [ids, signature.outputs['scores'].name]

        feed_dict = {inputs['rows'].name: rows}
        if lengths is None:
            lengths = np.full(len(rows), rows.shape[1])
        feed_dict[inputs['lengths'].name] = lengths
        return sess.run(fetches, feed_dict)
