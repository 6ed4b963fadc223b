# expect: LOAD901 `sess` may also be used from outside of its class
import numpy as np
import tensorflow as tf


class Scorer:
    def __init__(self, export_dir):
        self.sess = tf.Session(graph=tf.Graph())
        meta_graph = tf.saved_model.loader.load(self.sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        self.x = signature.inputs['x'].name
        self.y = signature.outputs['y'].name

    def run(self, value):
        return self.sess.run(self.y, {self.x: value})


def close(scorer):
    scorer.sess.close()
