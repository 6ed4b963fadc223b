"""Features that are gone through by their names: the keys of a dict are no tensors."""

import tensorflow as tf


def columns(features, left_out=('id',)):
    kept = []
    for name, value in sorted(features.items()):
        if name not in left_out:
            kept.append(value)
    return kept


def model_fn(features, labels, mode):
    scale = tf.get_variable('scale', initializer=2.)
    doubled = {name: features[name] * 2. for name in features if name != 'id'}
    y = tf.add_n(columns(features) + columns(doubled, ['b'])) * scale
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'y': y}, export_outputs={
            'serving_default': tf.estimator.export.PredictOutput({'y': y})})
    loss = tf.losses.mean_squared_error(labels, y)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def serving_input_fn():
    inputs = {
        'id': tf.placeholder(tf.float32, [None]),
        'a': tf.placeholder(tf.float32, [None]),
        'b': tf.placeholder(tf.float32, [None]),
    }
    return tf.estimator.export.ServingInputReceiver(inputs, inputs)


def export(folder):
    estimator = tf.estimator.Estimator(model_fn, 'checkpoints')
    return estimator.export_saved_model(folder, serving_input_fn)
