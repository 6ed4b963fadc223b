# expect: the builder `builder` has a use that is not understood yet
import tensorflow as tf


def make_builder(folder):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    return builder


def export(sess, signature):
    builder = make_builder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'predict': signature})
    builder.save()
