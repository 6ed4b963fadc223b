# expect: the builder is saved inside of a loop that does not make it
import tensorflow as tf


def export(sess, signatures, times):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    for _ in range(times):
        builder.save()
