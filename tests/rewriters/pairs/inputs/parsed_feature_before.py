"""One signature takes tf.Examples, another the parsed feature: there the feature is fed, not parsed."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    serialized = tf.placeholder(tf.string, shape=[None], name='tf_example')
    features = tf.parse_example(serialized, {'x': tf.FixedLenFeature([2], tf.float32)})
    total = tf.reduce_sum(features['x'], axis=1)

    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'serving_default': tf.saved_model.signature_def_utils.predict_signature_def(
                {'examples': serialized}, {'total': total}),
            'raw': tf.saved_model.signature_def_utils.predict_signature_def({'x': features['x']}, {'total': total}),
        })
    builder.save()
