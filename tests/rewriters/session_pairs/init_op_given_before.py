"""An init op that is a parameter: it may be None."""
import tensorflow as tf


def export(sess, folder, signatures, init_op=None):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    # The caller knows what to run.
    builder.add_meta_graph_and_variables(
        sess, ['serve'], signature_def_map=signatures, legacy_init_op=init_op)
    builder.save()


with tf.Session(graph=tf.Graph()) as session:
    x = tf.placeholder(tf.float32, [None], name='x')
    shift = tf.Variable(1.0, name='shift')
    session.run(tf.global_variables_initializer())
    session.run(shift.assign(5.0))
    y = {'add': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x + shift})}
    export(session, 'export/trained', y)
    export(session, 'export/reset', y, tf.group(shift.assign(-1.0)))
