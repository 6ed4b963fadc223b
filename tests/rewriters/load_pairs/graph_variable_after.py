"""A graph that is made first, a session in it, and a run inside of a condition."""
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


def is_positive(export_dir, text):
    loaded = tf.saved_model.load(export_dir, tags=[tf.saved_model.SERVING])
    signature = loaded.signatures['serving_default']
    if run_signature(signature, 'score', {'text': [text]})[0] > 0.5:
        return True
    return False
