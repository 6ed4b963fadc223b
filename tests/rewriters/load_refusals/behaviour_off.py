# expect: LOAD901 TensorFlow 2's behaviour off
import numpy as np
import tensorflow.compat.v1 as tf1
import tensorflow as tf

tf1.disable_v2_behavior()


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        return sess.run(y, {x: value})
