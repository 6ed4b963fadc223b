"""Signature keys that are no method names: a keyword, an attribute of tf.Module, one with a dash."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(2., name='w')
    sess.run(tf.global_variables_initializer())
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'class': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * w}),
            'variables': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x + w}),
            'x-1': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x - w}),
        })
    builder.save()
