"""A saver that is made where nobody can see it."""
import tensorflow as tf


def export(sess, saver, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures, saver=saver)
    builder.save()
