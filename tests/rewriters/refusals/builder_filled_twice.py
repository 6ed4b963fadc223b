# expect: the builder `builder` gets variables more than once
import tensorflow as tf


def export(sess, first, second):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=first)
    if second:
        builder.add_meta_graph_and_variables(sess, ['train'], signature_def_map=second)
    builder.save()
