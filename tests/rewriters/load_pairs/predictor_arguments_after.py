"""Predictors with arguments by position and by keyword, and one that a function puts into a global name."""
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


first = load_predictor('export', tags='serve')
second = load_predictor('export', 'key', 'serve,gpu')
third = load_predictor(signature_def_key='key', export_dir='export')
predict_fn = None


def load(export_dir):
    global predict_fn
    predict_fn = load_predictor(export_dir)


def predict(values):
    return predict_fn({'x': np.array(values)})['y']
