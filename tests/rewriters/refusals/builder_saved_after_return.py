# expect: the code may end between what is added to the builder and where it is saved
import tensorflow as tf


def export(sess, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    if sess.run('loss:0') > 1.0:
        return False
    builder.save()
    return True
