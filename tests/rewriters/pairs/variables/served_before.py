"""An output that is a variable; its signature has the variable's name, so the attribute gets another."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    rate = tf.Variable(0.25, name='rate')
    y = x * rate
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'rate': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y, 'rate': rate}),
        })
    builder.save()
