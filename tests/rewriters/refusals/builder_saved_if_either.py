# expect: what is added to the builder is not always saved
import tensorflow as tf


def export(sess, signatures, small, large):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    if small or large:
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    if small:
        builder.save()
