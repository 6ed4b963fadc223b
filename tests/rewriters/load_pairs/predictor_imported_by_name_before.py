"""A predictor that is handed to another function, from a function imported by name."""
import functools

import numpy as np
import tensorflow as tf
from tensorflow.contrib.predictor import from_saved_model


def predict(predict_fn, line):
    return predict_fn({'words': [line.encode().split()]})


def main(export_dir):
    return functools.partial(predict, from_saved_model(export_dir))


if __name__ == '__main__':
    tf.app.run(main)
