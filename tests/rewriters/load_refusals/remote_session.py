# expect: LOAD901 the session may run on another machine
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session('grpc://worker:2222') as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        return sess.run(y, {x: value})
