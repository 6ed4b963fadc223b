# expect: LOAD901 in a place where it can't be rewritten
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        if value is None:
            return None
        elif sess.run(y, {x: value}) > 0:
            return value
        return 0
