"""A session in a `with`, names taken from the SignatureDef, one run per batch."""
import numpy as np
import tensorflow as tf


def score(export_dir, batches):
    scores = []
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        for batch in batches:
            scores.append(sess.run(y, feed_dict={x: batch}))
    return np.concatenate(scores)
