"""Two builders that have one name, one after the other, each with the session of its time."""
import tensorflow as tf


def export(sess, factor, x, y):
    signatures = {'multiply': tf.saved_model.predict_signature_def({'x': x}, {'y': y})}

    builder = tf.saved_model.builder.SavedModelBuilder('export/first')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()

    sess.run(factor.assign(10.0))

    builder = tf.saved_model.builder.SavedModelBuilder('export/second')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()


with tf.Session(graph=tf.Graph()) as session:
    inputs = tf.placeholder(tf.float32, [None], name='x')
    variable = tf.Variable(3.0, name='factor')
    session.run(tf.global_variables_initializer())
    export(session, variable, inputs, inputs * variable)
