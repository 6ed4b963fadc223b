# expect: LOAD901 uses the tensors in a way
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        names = [info.name for info in signature.inputs.values()]
        return sess.run(y, dict(zip(names, value)))
