# expect: LOAD901 looked up in a loop, and used outside of it
import numpy as np
import tensorflow as tf


def run(export_dirs, value):
    for export_dir in export_dirs:
        sess = tf.Session(graph=tf.Graph())
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        if value is not None:
            x = signature.inputs['x'].name
        print(sess.run(signature.outputs['y'].name, {x: value}))
