"""Exports `add_two` with the SavedModelBuilder.

    python export.py

writes `saved-model-builder/`, ready for TensorFlow Serving. The folder must not exist yet.
"""
from __future__ import print_function

import tensorflow as tf


def add_two(input):
    return input + 2


with tf.Graph().as_default():
    with tf.Session() as sess:
        input = tf.placeholder(tf.float32, shape=[])
        output = add_two(input)
        # Quick check before it goes out of the door: should say 5.
        print('add two output: ', sess.run(output, {input: 3.}))

        builder = tf.saved_model.builder.SavedModelBuilder('saved-model-builder')
        sig_def = tf.saved_model.signature_def_utils.predict_signature_def(
            inputs={'input': input},
            outputs={'output': output})
        builder.add_meta_graph_and_variables(
            sess, tags=[tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: sig_def
            })
        builder.save()
