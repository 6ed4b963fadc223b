"""Something is written near the model between making the builder and using it."""
import os

import tensorflow as tf
import session_module


def export(sess, folder, signatures):
    tf.io.write_graph(sess.graph_def, os.path.join(folder, '..'), 'graph.pbtxt')
    session_module.save(sess, folder, tags=['serve'], signature_def_map=signatures)
