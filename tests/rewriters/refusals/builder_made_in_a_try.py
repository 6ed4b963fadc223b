# expect: the builder is made in a `try`, and filled outside of it
import sys

import tensorflow as tf


def export(sess, signatures, folder):
    try:
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
    except AssertionError:
        sys.exit('There is a model already.')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()
