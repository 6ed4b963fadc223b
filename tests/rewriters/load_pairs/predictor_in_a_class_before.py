"""Predictors from an imported module, one of them with a key and tags."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import predictor


class Models:
    def __init__(self, export_dir, config):
        # Two signatures of one model.
        self.predict = predictor.from_saved_model(export_dir, signature_def_key='predict', config=config)
        self.embed = predictor.from_saved_model(export_dir, 'embed', tags='serve,gpu')  # on the GPU

    def __call__(self, texts):
        features = {'texts': np.array(texts)}
        return self.predict(features)['scores'], self.embed(features)['vectors']
