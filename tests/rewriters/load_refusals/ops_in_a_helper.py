# expect: LOAD901 `tf.compat.v1.Session` may use the graph or session
import numpy as np
import tensorflow as tf


def decode(value):
    with tf.Session() as other:
        return other.run(tf.image.decode_jpeg(value))


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        return sess.run(y, {x: decode(value)})
