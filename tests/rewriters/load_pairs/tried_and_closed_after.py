"""An asynchronous method, and a session that is closed at the end of a `try`."""
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


class Scorer:
    def __init__(self, export_dir):
        tf.compat.v1.reset_default_graph()
        model = tf.saved_model.load(export_dir, tags=['serve'])
        self.signature = model.signatures['serving_default']

    async def score(self, rows):
        try:
            return run_signature(
                self.signature, fetches='scores',
                feed_dict={'rows': np.stack(rows)})
        finally:
            pass
