"""Signatures that are fed in the middle: predict from what was parsed, classify from the examples."""

import tensorflow as tf

with tf.Graph().as_default():
    examples = tf.placeholder(tf.string, [None], name='examples')
    features = tf.parse_example(examples, {'x': tf.FixedLenFeature([2], tf.float32, [3., 4.])})
    with tf.variable_scope('net'):
        factor = tf.get_variable('factor', [], initializer=tf.constant_initializer(2.))
        scores = features['x'] * factor
    classes = tf.as_string(scores, precision=1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        signatures = {
            'classify': tf.saved_model.signature_def_utils.classification_signature_def(examples, classes, scores),
        }
        signatures['predict'] = tf.saved_model.signature_def_utils.predict_signature_def(
            inputs={'x': features['x']}, outputs={'scores': scores}
        )
        builder = tf.saved_model.builder.SavedModelBuilder('export')
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
        builder.save()
