#!/usr/bin/env python
# Comments stand everywhere, and are all still there afterwards.
import tensorflow as tf  # our framework

# Before the graph.
with tf.Graph().as_default():  # graph opens
    # Before the session.
    with tf.Session() as sess:  # session opens
        # What goes in.
        x = tf.placeholder(tf.float32, [None])  # one number each
        # How it is made.
        y = x * 3  # times three

        # How it goes out.
        builder = tf.saved_model.builder.SavedModelBuilder('export')  # a fresh folder
        # The signature.
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            inputs={'x': x},  # in
            outputs={'y': y})  # out
        builder.add_meta_graph_and_variables(
            sess,
            # The tag.
            [tf.saved_model.tag_constants.SERVING],
            signature_def_map={'triple': signature})
        # Write it.
        builder.save()  # done
        # At the end of the session.
    # At the end of the graph.
# At the end of the file.
