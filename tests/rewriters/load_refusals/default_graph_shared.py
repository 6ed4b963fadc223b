# expect: LOAD901 `tf.compat.v1.placeholder` may use the graph
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    extra = tf.placeholder(tf.float32)
    sess = tf.Session()
    meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
    signature = meta_graph.signature_def['serving_default']
    print(extra)
    return sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: value})
