"""A predictor that is handed to another function, from a function imported by name."""
import functools

import numpy as np
import tensorflow as tf


def predict(predict_fn, line):
    return predict_fn({'words': [line.encode().split()]})


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


def main(export_dir):
    return functools.partial(predict, load_predictor(export_dir))


if __name__ == '__main__':
    tf.compat.v1.app.run(main)
