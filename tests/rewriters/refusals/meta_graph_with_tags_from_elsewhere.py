# expect: the tags of a further MetaGraph are not written out where it is added
import tensorflow as tf


def export(sess, tags, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.add_meta_graph(tags, signature_def_map=signatures)
    builder.save()
