"""Exports `add_two` from a custom Estimator.

    python export.py

trains one step (checkpoints go to `estimator-checkpoints/`) and writes `estimator-model/`.
"""
from __future__ import print_function

import shutil

import tensorflow as tf


def add_two(input):
    return input + 2


def model_fn(features, labels, mode):
    output = add_two(features['input'])
    step = tf.train.get_global_step()
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=output,
        # There is nothing to learn in `add_two`: only count the steps.
        train_op=step.assign_add(1),
        loss=tf.constant(0.),
        export_outputs={
            tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                tf.estimator.export.PredictOutput({'output': output})})


est = tf.estimator.Estimator(model_fn, 'estimator-checkpoints')


# An Estimator exports nothing before it has a checkpoint, so train for one step.
def train_fn():
    return tf.data.Dataset.from_tensors({'input': 3.})


est.train(train_fn, steps=1)

# Makes the placeholders that the server feeds. The 3. is only there for its type and shape.
serving_input_fn = tf.estimator.export.build_raw_serving_input_receiver_fn(
    {'input': tf.constant(3.)})
estimator_path = est.export_saved_model('exported-estimator', serving_input_fn)

# The model comes out in a folder named after the current time; our deploy job wants a fixed name.
shutil.move(estimator_path, 'estimator-model')
