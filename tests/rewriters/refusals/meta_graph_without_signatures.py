# expect: the export has no signature: whoever loads it looks tensors up in its graph by name
import tensorflow as tf


def export(sess, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.add_meta_graph(['train'])
    builder.save()
