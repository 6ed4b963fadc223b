"""The signature, the map of signatures and the tags are bound to names first."""
import tensorflow as tf

EXPORT_DIR = 'export'

with tf.Session(graph=tf.Graph()) as sess:
    a = tf.placeholder(tf.float32, [None, 2])
    b = tf.placeholder(tf.float32, [None, 2])
    total = tf.add(a, b)

    tags = [tf.saved_model.tag_constants.SERVING]
    signature = tf.saved_model.signature_def_utils.predict_signature_def({'a': a, 'b': b}, {'sum': total})
    signature_map = {'add': signature}
    builder = tf.saved_model.builder.SavedModelBuilder(EXPORT_DIR)
    builder.add_meta_graph_and_variables(sess, tags, signature_def_map=signature_map)
    builder.save()
