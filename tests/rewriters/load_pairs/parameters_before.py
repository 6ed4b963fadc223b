"""Tags, directory and key of the signature come as parameters."""
import numpy as np
import tensorflow as tf


def run(export_dir, tags, signature_key, batches):
    with tf.Session(graph=tf.Graph()) as session:
        meta_graph_def = tf.saved_model.loader.load(export_dir=export_dir, tags=tags, sess=session)
        x = session.graph.get_tensor_by_name(meta_graph_def.signature_def[signature_key].inputs['x'].name)
        y = session.graph.get_tensor_by_name(meta_graph_def.signature_def[signature_key].outputs['y'].name)
        return np.stack([session.run(y, feed_dict={x: batch}) for batch in batches])
