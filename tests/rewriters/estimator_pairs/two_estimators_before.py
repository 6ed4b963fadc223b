"""Two Estimators in one file, and a helper that both call."""
import tensorflow as tf


def layer(x, mode):
    x = tf.layers.dense(x, 4)
    if mode == tf.estimator.ModeKeys.TRAIN:
        x = tf.layers.dropout(x, training=True)
    return x


def first_fn(features, labels, mode):
    out = layer(features['x'], mode)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, {'a': out})
    loss = tf.reduce_mean(out)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step()))


def second_fn(features, labels, mode, params):
    out = layer(layer(features['x'], mode), mode) * params['k']
    if mode == 'infer':
        return tf.estimator.EstimatorSpec(mode, {'b': out})
    loss = tf.reduce_mean(out)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step()))


def data():
    return {'x': tf.ones([2, 3])}


a = tf.estimator.Estimator(first_fn, 'ckpt/a')
a.train(data, steps=2)
b = tf.estimator.Estimator(second_fn, 'ckpt/b', params={'k': 2.})
b.train(data, steps=2)
raw = tf.estimator.export.build_raw_serving_input_receiver_fn({'x': tf.constant([[1., 2., 3.]])})
raw2 = tf.estimator.export.build_raw_serving_input_receiver_fn({'x': tf.constant([[1., 2., 3.]])})
a.export_savedmodel('export_a', raw)
b.export_savedmodel('export_b', raw2)
