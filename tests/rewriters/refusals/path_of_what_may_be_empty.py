# expect: what save() returns is used, and something may not have been added
import tensorflow as tf


def export(sess, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    if signatures:
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    return builder.save()
