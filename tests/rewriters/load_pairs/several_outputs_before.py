"""Outputs fetched as a list, as a tuple that is unpacked, and as a dict."""
import numpy as np
import tensorflow as tf


def classify(export_dir, images):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        model = tf.saved_model.loader.load(sess, ['serve'], export_dir)
        signature = model.signature_def['classify']
        image, keep_prob = signature.inputs['image'].name, signature.inputs['keep_prob'].name
        classes = graph.get_tensor_by_name(signature.outputs['classes'].name)
        scores = graph.get_tensor_by_name(signature.outputs['scores'].name)

        first = sess.run([classes, scores], {image: images[:1], keep_prob: 1.0})
        names, values = sess.run((classes, scores), {image: images, keep_prob: 1.0})
        result = sess.run({'names': classes, 'values': scores}, feed_dict={image: images, keep_prob: 1.0})
        assert np.array_equal(first[0], names[:1])
        return result['names'], values
