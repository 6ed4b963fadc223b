# expect: what is added to the builder is not always saved
import tensorflow as tf


def export(sess, signatures, accuracy):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    if accuracy > 0.5:
        builder.save()
