"""No training here, one checkpoint by its path, an inline parsing receiver; names that are taken, and annotations."""
from time import time
from typing import Dict

import tensorflow as tf

started = time()


class Serving(object):
    params = None


def export_saved_model():
    """Does something else."""


def model_fn(features: Dict[str, tf.Tensor], labels, mode: tf.estimator.ModeKeys, params=None) -> tf.estimator.EstimatorSpec:
    """Doubles."""
    weight = tf.get_variable('weight', [2, 1])
    doubled = 2. * tf.matmul(features['x'], weight)
    tf.summary.histogram('doubled', doubled)
    if mode == tf.estimator.ModeKeys.TRAIN:
        raise ValueError('this model is finished')
    return tf.estimator.EstimatorSpec(mode, predictions={'doubled': doubled}, export_outputs={
        tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
            # What the dashboards read.
            tf.estimator.export.RegressionOutput(doubled),
        'in-words': tf.estimator.export.PredictOutput({
            'doubled': doubled,
            'words': tf.as_string(doubled)})})


def export(directory: str, checkpoint: str):
    # The newest one is not always the best.
    estimator = tf.estimator.Estimator(model_fn, directory)
    path = estimator.export_saved_model(
        'export',  # the deploy job looks here
        tf.estimator.export.build_parsing_serving_input_receiver_fn({'x': tf.FixedLenFeature([2], tf.float32)}),
        checkpoint_path=checkpoint)
    return path, time() - started
