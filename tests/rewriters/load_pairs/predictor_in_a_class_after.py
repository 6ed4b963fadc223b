"""Predictors from an imported module, one of them with a key and tags."""
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


class Models:
    def __init__(self, export_dir, config):
        # Two signatures of one model.
        self.predict = load_predictor(export_dir, signature_def_key='predict')
        self.embed = load_predictor(export_dir, 'embed', tags='serve,gpu')  # on the GPU

    def __call__(self, texts):
        features = {'texts': np.array(texts)}
        return self.predict(features)['scores'], self.embed(features)['vectors']
