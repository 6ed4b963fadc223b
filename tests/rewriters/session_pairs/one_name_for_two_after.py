"""Two builders that have one name, one after the other, each with the session of its time."""
import tensorflow as tf
import session_module


def export(sess, factor, x, y):
    signatures = {'multiply': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': y})}

    session_module.save(sess, 'export/first', tags=['serve'], signature_def_map=signatures)

    sess.run(factor.assign(10.0))

    session_module.save(sess, 'export/second', tags=['serve'], signature_def_map=signatures)


with tf.compat.v1.Session(graph=tf.Graph()) as session:
    inputs = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    variable = tf.Variable(3.0, name='factor')
    session.run(tf.compat.v1.global_variables_initializer())
    export(session, variable, inputs, inputs * variable)
