"""Outputs fetched as a list, as a tuple that is unpacked, and as a dict."""
import numpy as np
import tensorflow as tf


def run_signature(signature, fetches, feed_dict):
    """Runs a signature of a SavedModel as `Session.run` did, with names of inputs and outputs for tensors."""
    specs = signature.structured_input_signature[1]
    inputs = {}
    for name, value in feed_dict.items():
        array = np.asarray(value, specs[name].dtype.as_numpy_dtype)
        inputs[name] = tf.ensure_shape(array, specs[name].shape)
    outputs = signature(**inputs)
    return tf.nest.map_structure(lambda name: outputs[name].numpy(), fetches)


def classify(export_dir, images):
    model = tf.saved_model.load(export_dir, tags=['serve'])
    signature = model.signatures['classify']
    image, keep_prob = 'image', 'keep_prob'

    first = run_signature(signature, ['classes', 'scores'], {image: images[:1], keep_prob: 1.0})
    names, values = run_signature(signature, ('classes', 'scores'), {image: images, keep_prob: 1.0})
    result = run_signature(signature, {'names': 'classes', 'values': 'scores'}, feed_dict={image: images, keep_prob: 1.0})
    assert np.array_equal(first[0], names[:1])
    return result['names'], values
