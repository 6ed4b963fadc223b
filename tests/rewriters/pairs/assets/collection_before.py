"""A file in the ASSET_FILEPATHS collection travels with the model."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x + 1.
    vocabulary = tf.constant('vocabulary.txt')
    tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, vocabulary)
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={'increase': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})},
        assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS))
    builder.save()
