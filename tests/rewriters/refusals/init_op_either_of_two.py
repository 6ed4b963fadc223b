# expect: may do more than fill tables
import tensorflow as tf


def export(sess, signatures, first=None, second=None):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'], signature_def_map=signatures, main_op=first, legacy_init_op=second)
    builder.save()
