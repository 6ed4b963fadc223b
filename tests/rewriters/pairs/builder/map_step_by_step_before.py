"""A signature map and its dicts that get their entries one by one."""

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    k = tf.placeholder(tf.float32, [], name='k')
    y = x * k
    inputs = {'x': tf.saved_model.utils.build_tensor_info(x)}
    inputs['k'] = tf.saved_model.utils.build_tensor_info(k)
    outputs = {}
    outputs['y'] = tf.saved_model.utils.build_tensor_info(y)
    signatures = dict()
    signatures['scale'] = tf.saved_model.signature_def_utils.build_signature_def(
        inputs, outputs, tf.saved_model.signature_constants.PREDICT_METHOD_NAME
    )
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, [tf.saved_model.tag_constants.SERVING], signature_def_map=signatures)
    builder.save()
