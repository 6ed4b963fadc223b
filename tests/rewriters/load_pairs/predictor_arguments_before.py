"""Predictors with arguments by position and by keyword, and one that a function puts into a global name."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import predictor

first = predictor.from_saved_model('export', None, tags='serve')
second = predictor.from_saved_model('export', 'key', None, None, None, 'serve,gpu')
third = predictor.from_saved_model(signature_def_key='key', export_dir='export', graph=None)
predict_fn = None


def load(export_dir):
    global predict_fn
    predict_fn = predictor.from_saved_model(export_dir)


def predict(values):
    return predict_fn({'x': np.array(values)})['y']
