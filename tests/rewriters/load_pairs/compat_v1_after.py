"""Code that uses compat.v1 already, with settings for the session."""
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


def run(export_dir, value):
    config = tf.compat.v1.ConfigProto()
    config.gpu_options.allow_growth = True
    model = tf.saved_model.load(export_dir, tags=[tf.saved_model.SERVING])
    signature = model.signatures['serving_default']
    return run_signature(signature, 'y', {'x': np.float32(value)})
