"""What is printed of the model."""
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


model = tf.saved_model.load('export', tags=['serve'])
signature = model.signatures['serving_default']
print('signature:', signature)
print('input:', 'x')
print(run_signature(signature, 'y', feed_dict={'x': [1.0]}))
