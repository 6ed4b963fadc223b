"""The input's name is also the name of a value that the graph reads: the parameter must not hide it."""
import tensorflow as tf

scale = 10.

with tf.Graph().as_default(), tf.Session() as sess:
    serialized = tf.placeholder(tf.string, [None])
    features = tf.parse_example(serialized, {'scale': tf.FixedLenFeature([1], tf.float32)})
    y = features['scale'] * scale
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'regress': tf.saved_model.signature_def_utils.regression_signature_def(serialized, y),
            'predict': tf.saved_model.signature_def_utils.predict_signature_def({'scale': features['scale']}, {'y': y}),
        })
    builder.save()
