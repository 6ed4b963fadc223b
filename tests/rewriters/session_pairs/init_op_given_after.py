"""An init op that is a parameter: it may be None."""
import tensorflow as tf
import session_module


def export(sess, folder, signatures, init_op=None):
    # The caller knows what to run.
    if init_op is not None:
        sess.run(init_op)
    session_module.save(
        sess, folder, tags=['serve'], signature_def_map=signatures)


with tf.compat.v1.Session(graph=tf.Graph()) as session:
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    shift = tf.Variable(1.0, name='shift')
    session.run(tf.compat.v1.global_variables_initializer())
    session.run(shift.assign(5.0))
    y = {'add': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x + shift})}
    export(session, 'export/trained', y)
    export(session, 'export/reset', y, tf.group(shift.assign(-1.0)))
