# expect: the builder is made under a condition, and filled elsewhere
import tensorflow as tf


def export(sess, signatures, name):
    if name:
        builder = tf.saved_model.builder.SavedModelBuilder(name)
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()
