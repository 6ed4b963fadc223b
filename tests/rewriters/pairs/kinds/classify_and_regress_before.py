"""classify and regress signatures keep their method names, which tf.saved_model.save alone would lose."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    examples = tf.placeholder(tf.string, [None], name='examples')
    features = tf.parse_example(examples, {'x': tf.FixedLenFeature([1], tf.float32, default_value=[1.])})
    x = features['x']
    score = tf.sigmoid(x)
    label = tf.as_string(tf.round(score))
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                tf.saved_model.signature_def_utils.classification_signature_def(examples, label, score),
            'regress': tf.saved_model.signature_def_utils.regression_signature_def(
                examples=examples, predictions=score),
            'scores': tf.saved_model.signature_def_utils.classification_signature_def(examples, None, score),
        })
    builder.save()
