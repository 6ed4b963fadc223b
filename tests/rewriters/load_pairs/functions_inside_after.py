"""Functions and lambdas inside of the block that run the session."""
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


def score(export_dir, rows):
    model = tf.saved_model.load(export_dir, tags=['serve'])
    signature = model.signatures['serving_default']

    def score_one(row):
        return run_signature(signature, 'y', {'x': np.expand_dims(row, 0)})[0]

    return [score_one(row) for row in rows], list(map(lambda row: run_signature(signature, 'y', {'x': row}), rows))
