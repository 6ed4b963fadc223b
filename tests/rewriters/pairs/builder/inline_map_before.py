"""A Builder export with its signature map written into the call."""
import tensorflow as tf

with tf.Graph().as_default():
    with tf.Session() as sess:
        celsius = tf.placeholder(tf.float32, shape=[None], name='celsius')
        fahrenheit = celsius * 1.8 + 32.

        builder = tf.saved_model.builder.SavedModelBuilder('export')
        builder.add_meta_graph_and_variables(
            sess,
            [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                    tf.saved_model.signature_def_utils.predict_signature_def(
                        inputs={'celsius': celsius}, outputs={'fahrenheit': fahrenheit})
            })
        builder.save()
