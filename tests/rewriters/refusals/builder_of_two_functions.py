# expect: the builder is saved in another function than the one that makes it
import tensorflow as tf

builder = tf.saved_model.builder.SavedModelBuilder('export')


def fill(sess, signatures):
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)


def save():
    builder.save()
