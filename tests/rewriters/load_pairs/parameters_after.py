"""Tags, directory and key of the signature come as parameters."""
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


def run(export_dir, tags, signature_key, batches):
    model = tf.saved_model.load(export_dir, tags=tags)
    return np.stack([run_signature(model.signatures[signature_key], 'y', feed_dict={'x': batch}) for batch in batches])
