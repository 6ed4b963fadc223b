"""A predictor in a function of a file that imports nothing else of TensorFlow."""
from tensorflow.contrib.predictor import from_saved_model


def score(export_dir, batch):
    predict = from_saved_model(export_dir, signature_def_key='score')
    return predict({'x': batch})['y']
