# expect: `target == 0.` compares objects in TensorFlow 1 and elements in TensorFlow 2
import tensorflow as tf


def loss_of(target, y):
    return tf.losses.mean_squared_error(target, y, weights=1. - float(target == 0.))


def model_fn(features, labels, mode):
    weight = tf.get_variable('weight', initializer=2.)
    y = features['x'] * weight
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'y': y}, export_outputs={
            'serving_default': tf.estimator.export.PredictOutput({'y': y})})
    loss = loss_of(labels, y)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def serving_input_fn():
    f = {'x': tf.placeholder(tf.float32, [None, 2])}
    return tf.estimator.export.ServingInputReceiver(f, f)


est = tf.estimator.Estimator(model_fn, 'ckpt')
est.train(lambda: ({'x': tf.ones([1, 2])}, tf.ones([1, 2])), steps=1)
est.export_saved_model('export', serving_input_fn)
