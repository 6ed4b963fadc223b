"""Modules of TensorFlow's own source, and get_tensor_from_tensor_info."""
import numpy as np
import tensorflow as tf
from tensorflow.python.saved_model import loader, signature_constants, tag_constants


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
    model = tf.saved_model.load(export_dir, tags=[tag_constants.SERVING])
    signature = model.signatures[signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]
    return run_signature(signature, 'y', {'x': np.float32(value)})
