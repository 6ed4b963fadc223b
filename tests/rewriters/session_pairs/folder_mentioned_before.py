"""Something is written near the model between making the builder and using it."""
import os

import tensorflow as tf


def export(sess, folder, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    tf.train.write_graph(sess.graph_def, os.path.join(folder, '..'), 'graph.pbtxt')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()
