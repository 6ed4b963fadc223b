"""Functions and lambdas inside of the block that run the session."""
import numpy as np
import tensorflow as tf


def score(export_dir, rows):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name

        def score_one(row):
            return sess.run(signature.outputs['y'].name, {x: np.expand_dims(row, 0)})[0]

        return [score_one(row) for row in rows], list(map(lambda row: sess.run(signature.outputs['y'].name, {x: row}), rows))
