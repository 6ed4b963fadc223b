"""Two MetaGraphs of one graph, each with its tags and signatures."""
import tensorflow as tf

graph = tf.Graph()
with graph.as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    scale = tf.get_variable('scale', initializer=2.0)
    sess.run(tf.global_variables_initializer())
    sess.run(scale.assign_add(1.0))
    small = tf.saved_model.predict_signature_def({'x': x}, {'y': x * scale})
    large = tf.saved_model.predict_signature_def({'x': x}, {'y': x * scale * 100.0})

    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'scale': small})
    # The accelerator takes larger values.
    builder.add_meta_graph(['serve', 'gpu'], signature_def_map={'scale': large}, clear_devices=True)
    builder.save()
