# expect: LOAD904 needs an Estimator
import numpy as np
import tensorflow as tf


def make(estimator, receiver):
    return tf.contrib.predictor.from_estimator(estimator, receiver)
