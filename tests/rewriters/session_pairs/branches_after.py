"""One builder that is filled in either of two branches, and saved after them."""
import tensorflow as tf
import session_module


def export(folder, doubled, as_text=False):
    with tf.compat.v1.Session(graph=tf.Graph()) as sess:
        x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
        factor = tf.Variable(1.0, name='factor')
        y = tf.multiply(x, factor, name='y')
        sess.run(tf.compat.v1.global_variables_initializer())
        signature = tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': y})
        if doubled:
            # Whoever loads the model doubles the factor.
            sess.run(tf.group(tf.compat.v1.tables_initializer(), factor.assign(2.0)))
            session_module.save(
                sess, folder, tags=[tf.saved_model.SERVING],
                signature_def_map={'serving_default': signature})
        else:
            session_module.save(
                sess, folder, tags=[tf.saved_model.SERVING],
                signature_def_map={'serving_default': signature})


export('export/doubled', True)
export('export/plain', False)
