"""Comments of what goes away stay where they can."""
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
    # One session per call.
    # a fresh graph
    # The model.
    model = tf.saved_model.load(export_dir, tags=['serve'])  # takes a second
    signature = model.signatures['serving_default']  # the only one

    # The tensors.
    # [batch, 3]
    # [batch]

    # The run.
    result = run_signature(signature, 'y', {'x': value})  # all at once
    # Done.
    return np.mean(result)
