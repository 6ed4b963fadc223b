"""One model after the other, each with a session of its own, and a file that stays open."""
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


def compare(export_dirs, values, path):
    for export_dir in export_dirs:
        with open(path, 'a') as log:
            model = tf.saved_model.load(export_dir, tags=['serve'])
            signature = model.signatures['serving_default']
            y = run_signature(signature, 'y', feed_dict={'x': values})
            log.write('%s %s\n' % (export_dir, np.mean(y)))
