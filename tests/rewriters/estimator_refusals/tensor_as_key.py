# expect: `x` is looked for as an object, and TensorFlow 2 compares its elements
import tensorflow as tf


def pick(table, key):
    return table[key]


def model_fn(features, labels, mode):
    weight = tf.get_variable('weight', initializer=2.)
    x = features['x']
    y = x * weight * pick({x: 3.}, x)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'y': y}, export_outputs={
            'serving_default': tf.estimator.export.PredictOutput({'y': y})})
    loss = tf.losses.mean_squared_error(labels, y)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def serving_input_fn():
    f = {'x': tf.placeholder(tf.float32, [None, 2])}
    return tf.estimator.export.ServingInputReceiver(f, f)


est = tf.estimator.Estimator(model_fn, 'ckpt')
est.export_saved_model('export', serving_input_fn)
