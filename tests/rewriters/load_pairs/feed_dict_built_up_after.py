"""A dict to feed that is put together before the run, and a list of outputs in a variable."""
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


def run(export_dir, rows, lengths=None):
    model = tf.saved_model.load(export_dir, tags=['serve'])
    signature = model.signatures['serving_default']
    fetches = ['ids', 'scores']

    feed_dict = {'rows': rows}
    if lengths is None:
        lengths = np.full(len(rows), rows.shape[1])
    feed_dict['lengths'] = lengths
    return run_signature(signature, fetches, feed_dict)
