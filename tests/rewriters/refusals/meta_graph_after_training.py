# expect: the session is used between two MetaGraphs
import tensorflow as tf


def export(sess, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    sess.run('train')
    builder.add_meta_graph(['train'], signature_def_map=signatures)
    builder.save()
