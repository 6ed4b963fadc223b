"""One builder that is filled in either of two branches, and saved after them."""
import tensorflow as tf


def export(folder, doubled, as_text=False):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    with tf.Session(graph=tf.Graph()) as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        factor = tf.Variable(1.0, name='factor')
        y = tf.multiply(x, factor, name='y')
        sess.run(tf.global_variables_initializer())
        signature = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})
        if doubled:
            # Whoever loads the model doubles the factor.
            builder.add_meta_graph_and_variables(
                sess, [tf.saved_model.tag_constants.SERVING],
                signature_def_map={'serving_default': signature},
                main_op=tf.group(tf.tables_initializer(), factor.assign(2.0)))
        else:
            builder.add_meta_graph_and_variables(
                sess, [tf.saved_model.tag_constants.SERVING],
                signature_def_map={'serving_default': signature})
    builder.save(as_text)


export('export/doubled', True)
export('export/plain', False)
