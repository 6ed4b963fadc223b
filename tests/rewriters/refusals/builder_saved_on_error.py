# expect: what is added to the builder is not always saved
import tensorflow as tf


def export(sess, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    try:
        sess.run('check')
    except tf.errors.OpError:
        builder.save()
