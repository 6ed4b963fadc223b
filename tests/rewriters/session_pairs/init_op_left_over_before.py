"""An init op that was made for the builder goes with it; one that is run as well stays."""

import tensorflow as tf


def export(sess, folder, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)

    # What the loader runs.
    legacy_init_op = tf.group(tf.tables_initializer(), name='legacy_init_op')

    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map=signatures,
        legacy_init_op=legacy_init_op)

    builder.save()


def run_and_export(sess, folder, signatures):
    init = tf.tables_initializer()
    sess.run(init)
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING], signature_def_map=signatures, main_op=init)
    builder.save()


def export_and_look(sess, folder, signatures):
    op = tf.group(tf.tables_initializer(), name='fill')
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING], signature_def_map=signatures, main_op=op)
    builder.save()
    return sess.graph.get_operation_by_name('fill')


for function, export_dir in ((export, 'export'), (run_and_export, 'export2'), (export_and_look, 'export3')):
    with tf.Session(graph=tf.Graph()) as session:
        x = tf.placeholder(tf.float32, [None], name='x')
        y = tf.add(x, 1.0, name='y')
        signature = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})
        function(session, export_dir, {'serving_default': signature})
