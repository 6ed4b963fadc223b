"""A graph that is made first, a session in it, and a run inside of a condition."""
import numpy as np
import tensorflow as tf


def is_positive(export_dir, text):
    graph = tf.Graph()
    with graph.as_default():
        with tf.Session(graph=graph) as sess:
            loaded = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], export_dir)
            signature = loaded.signature_def['serving_default']
            text_tensor = graph.get_tensor_by_name(signature.inputs['text'].name)
            score_tensor = graph.get_tensor_by_name(signature.outputs['score'].name)
            graph.finalize()
            if sess.run(score_tensor, {text_tensor: [text]})[0] > 0.5:
                return True
    return False
