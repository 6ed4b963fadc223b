# expect: LOAD901 `meta_graph.signature_def` uses the signatures in a way
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = meta_graph.signature_def['serving_default']
        x = signature.inputs['x'].name
        y = signature.outputs['y'].name
        builder = tf.saved_model.builder.SavedModelBuilder('again')
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=meta_graph.signature_def)
        builder.save()
        return sess.run(y, {x: value})
