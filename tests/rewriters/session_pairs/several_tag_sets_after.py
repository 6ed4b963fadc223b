"""Two MetaGraphs of one graph, each with its tags and signatures."""
import tensorflow as tf
import session_module

graph = tf.Graph()
with graph.as_default(), tf.compat.v1.Session() as sess:
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    scale = tf.compat.v1.get_variable('scale', initializer=2.0)
    sess.run(tf.compat.v1.global_variables_initializer())
    sess.run(scale.assign_add(1.0))
    small = tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x * scale})
    large = tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x * scale * 100.0})

    session_module.save(sess, 'export', tags=['serve'], signature_def_map={'scale': small})
    # The accelerator takes larger values.
    session_module.save(sess, 'export/serve-gpu', tags=['serve', 'gpu'], signature_def_map={'scale': large})
