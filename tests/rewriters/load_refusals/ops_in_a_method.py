# expect: LOAD901 may use the graph or session
import numpy as np
import tensorflow as tf


class Scorer:
    def decode(self, value):
        return tf.image.decode_jpeg(value)

    def run(self, export_dir, value):
        with tf.Session(graph=tf.Graph()) as sess:
            meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
            signature = meta_graph.signature_def['serving_default']
            return sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: self.decode(value)})
