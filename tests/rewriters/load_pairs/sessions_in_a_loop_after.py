"""Sessions that are opened and closed in a loop, one statement for each."""
import os

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


# Each of them.
for version in os.listdir('exported'):
    # A graph for each.
    # The newest API of the model.
    model = tf.saved_model.load(os.path.join('exported', version), tags=['serve'])
    signature = model.signatures['counters']
    fetches = {'sum': 'sum', 'rest': ['low']}
    value = np.zeros(3)
    while run_signature(signature, fetches, {'values': value})['sum'] < 10:
        value += 1
    print(version, value)
    # Enough of it.
    print(version)
