"""A predictor, spelled out."""
import os

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


export_dir = os.path.join('export', sorted(os.listdir('export'))[-1])
predict_fn = load_predictor(export_dir)
predictions = predict_fn({'input': [[6.4, 3.2, 4.5, 1.5], [6.5, 3.0, 5.2, 2.0]]})
print(predictions['scores'])
