"""A placeholder with a default value: what is not fed has it, and a signature may feed it."""

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    rate = tf.placeholder_with_default(0.5, [], name='rate')
    y = x * rate
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, [tf.saved_model.tag_constants.SERVING], signature_def_map={
        'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
        'rated': tf.saved_model.signature_def_utils.predict_signature_def({'x': x, 'rate': rate}, {'y': y}),
    })
    builder.save()
