"""A script without functions, on the default graph, that closes its session."""
import sys

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


SIGNATURE = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY

model = tf.saved_model.load(sys.argv[1], tags=[tf.saved_model.SERVING])
signature = model.signatures

print(run_signature(signature[SIGNATURE], 'y', {'x': [[3.0]]}))
