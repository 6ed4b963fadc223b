"""An init op that was made for the builder goes with it; one that is run as well stays."""

import tensorflow as tf
import session_module


def export(sess, folder, signatures):
    # What the loader runs.

    session_module.save(
        sess, folder, tags=[tf.saved_model.SERVING],
        signature_def_map=signatures)


def run_and_export(sess, folder, signatures):
    init = tf.compat.v1.tables_initializer()
    sess.run(init)
    session_module.save(
        sess, folder, tags=[tf.saved_model.SERVING], signature_def_map=signatures)


def export_and_look(sess, folder, signatures):
    op = tf.group(tf.compat.v1.tables_initializer(), name='fill')
    session_module.save(
        sess, folder, tags=[tf.saved_model.SERVING], signature_def_map=signatures)
    return sess.graph.get_operation_by_name('fill')


for function, export_dir in ((export, 'export'), (run_and_export, 'export2'), (export_and_look, 'export3')):
    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
        y = tf.add(x, 1.0, name='y')
        signature = tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': y})
        function(session, export_dir, {'serving_default': signature})
