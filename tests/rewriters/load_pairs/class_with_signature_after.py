"""A class that keeps the signature itself, and looks names up at each run."""
import numpy as np
import tensorflow as tf

SERVING = 'serving_default'


def run_signature(signature, fetches, feed_dict):
    """Runs a signature of a SavedModel as `Session.run` did, with names of inputs and outputs for tensors."""
    specs = signature.structured_input_signature[1]
    inputs = {}
    for name, value in feed_dict.items():
        array = np.asarray(value, specs[name].dtype.as_numpy_dtype)
        inputs[name] = tf.ensure_shape(array, specs[name].shape)
    outputs = signature(**inputs)
    return tf.nest.map_structure(lambda name: outputs[name].numpy(), fetches)


class Ranker:
    def __init__(self, model_dir):
        self.meta_graph_def = tf.saved_model.load(model_dir, tags=['serve'])

    def rank(self, texts, size=8):
        signature = self.meta_graph_def.signatures[SERVING]
        for start in range(0, len(texts), size):
            yield run_signature(
                signature, fetches='scores',
                feed_dict={
                    # As many as fit.
                    'input': texts[start:start + size],
                },
            )
