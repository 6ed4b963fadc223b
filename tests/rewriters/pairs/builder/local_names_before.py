"""The graph reads arguments of the function around it: the class stands inside and closes over them."""
import os

import tensorflow as tf


def export(base_dir, version, scale):
    offset = scale / 2
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * scale + offset
        builder = tf.saved_model.builder.SavedModelBuilder(os.path.join(base_dir, str(version)))
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})})
        builder.save()
    return y_range(scale)


def y_range(scale):
    return 0, scale


if __name__ == '__main__':
    export('export', 1, 4.)
