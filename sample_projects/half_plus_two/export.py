"""Exports y = x / 2 + 2, the model that every new server gets to serve first.

    python export.py

writes `half-plus-two/1/` with three signatures on the same graph (predict, classify and regress) and an asset file.
"""
from __future__ import print_function

import tensorflow as tf

EXPORT_DIR = 'half-plus-two/1'


def export():
    with tf.Graph().as_default(), tf.Session() as sess:
        # Variables and not constants, so that there is something to restore.
        a = tf.Variable(0.5, name='a')
        b = tf.Variable(2.0, name='b')

        serialized = tf.placeholder(tf.string, shape=[None], name='tf_example')
        tf_example = tf.parse_example(serialized, {'x': tf.FixedLenFeature([1], dtype=tf.float32)})
        x = tf.identity(tf_example['x'], name='x')
        y = tf.add(tf.multiply(a, x), b, name='y')

        # An asset that travels with the model. Nothing in the graph reads it.
        asset = tf.constant('foo.txt', name='asset_file')
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, asset)

        sess.run(tf.global_variables_initializer())

        signature_def_map = {
            tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
            'classify_x_to_y':
                tf.saved_model.signature_def_utils.classification_signature_def(serialized, None, y),
            'regress_x_to_y':
                tf.saved_model.signature_def_utils.regression_signature_def(serialized, y),
        }
        builder = tf.saved_model.builder.SavedModelBuilder(EXPORT_DIR)
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map=signature_def_map,
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS))
        builder.save()


if __name__ == '__main__':
    export()
    print('Exported to', EXPORT_DIR)
