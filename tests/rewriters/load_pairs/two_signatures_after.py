"""Two signatures of one model, one of them without inputs."""
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


def score(export_dir, x):
    signatures = tf.saved_model.load(export_dir, tags=['serve']).signatures
    labels = run_signature(signatures['labels'], 'labels', {})
    predict = signatures['predict']
    scores = run_signature(predict, 'scores', {'x': np.asarray(x)})
    return labels[np.argmax(scores)]
