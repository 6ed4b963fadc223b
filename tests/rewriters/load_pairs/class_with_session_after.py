"""A class that keeps its session, and the names of tensors, in attributes."""
import numpy
import tensorflow as tf


def run_signature(signature, fetches, feed_dict):
    """Runs a signature of a SavedModel as `Session.run` did, with names of inputs and outputs for tensors."""
    specs = signature.structured_input_signature[1]
    inputs = {}
    for name, value in feed_dict.items():
        array = numpy.asarray(value, specs[name].dtype.as_numpy_dtype)
        inputs[name] = tf.ensure_shape(array, specs[name].shape)
    outputs = signature(**inputs)
    return tf.nest.map_structure(lambda name: outputs[name].numpy(), fetches)


class Scorer(object):
    """Scores rows."""

    def __init__(self, export_dir):
        # The newest model.
        model = tf.saved_model.load(export_dir, tags=['serve'])
        self.signature = model.signatures['predict']

    def score(self, rows):
        return run_signature(self.signature, 'scores', feed_dict={'rows': numpy.asarray(rows)})

    def close(self):
        pass
