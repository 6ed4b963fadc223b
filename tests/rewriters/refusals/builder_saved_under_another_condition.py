# expect: what is added to the builder is not always saved
import tensorflow as tf


def export(sess, signatures, wanted):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    if wanted:
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    wanted = sess.run('good:0')
    if wanted:
        builder.save()
