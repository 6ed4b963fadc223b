"""A predictor in a function of a file that imports nothing else of TensorFlow."""
import numpy as np
import tensorflow as tf


def load_predictor(export_dir, signature_def_key=None, tags=None):
    """Loads a SavedModel as a function from arrays by input name to arrays by output name."""
    model = tf.saved_model.load(export_dir, tags=(tags or 'serve').split(','))
    signature = model.signatures[signature_def_key or 'serving_default']
    specs = signature.structured_input_signature[1]

    def predict(input_dict):
        inputs = {}
        for name, value in input_dict.items():
            if value is not None:
                array = np.asarray(value, specs[name].dtype.as_numpy_dtype)
                inputs[name] = tf.ensure_shape(array, specs[name].shape)
        return {name: output.numpy() for name, output in signature(**inputs).items()}

    return predict


def score(export_dir, batch):
    predict = load_predictor(export_dir, signature_def_key='score')
    return predict({'x': batch})['y']
