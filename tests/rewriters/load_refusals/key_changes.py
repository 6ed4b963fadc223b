# expect: LOAD901 by a key that may be another one where it is run
import numpy as np
import tensorflow as tf


def run(export_dir, key, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        x = meta_graph.signature_def[key].inputs['x'].name
        y = meta_graph.signature_def[key].outputs['y'].name
        key = 'result'
        return {key: sess.run(y, {x: value})}
