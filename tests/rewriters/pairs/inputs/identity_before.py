"""The input of one signature is an identity in the middle of the graph."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    pixels = tf.placeholder(tf.uint8, [None, 4], name='pixels')
    scaled = tf.cast(pixels, tf.float32) / 255.
    raw = tf.placeholder(tf.float32, [None, 4], name='raw')
    image = tf.identity(raw, name='image')
    mean = tf.reduce_mean(image, axis=1)

    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'scale': tf.saved_model.signature_def_utils.predict_signature_def({'pixels': pixels}, {'image': scaled}),
            'mean': tf.saved_model.signature_def_utils.predict_signature_def({'image': image}, {'mean': mean}),
            'mean_of_raw': tf.saved_model.signature_def_utils.predict_signature_def({'raw': raw}, {'mean': mean}),
        })
    builder.save()
