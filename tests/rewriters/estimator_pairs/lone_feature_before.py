"""A lone tensor as feature, input and prediction: TF1 calls them `feature`, `input` and `output`. An unused config."""
import tensorflow as tf


def model(features, labels, mode, params, config):
    x = features['feature'] if isinstance(features, dict) else features
    score = tf.reduce_sum(tf.layers.dense(x, params['units']), axis=1, keepdims=True)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=score)
    loss = tf.reduce_mean(tf.abs(score - labels))
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step()))


def data():
    return tf.constant([[1., 2.]]), tf.constant([[1.]])


def receiver():
    image = tf.placeholder(tf.float32, [None, 2])
    return tf.estimator.export.ServingInputReceiver(image, image)


est = tf.estimator.Estimator(model, 'ckpt', params={'units': 3})
est.train(data, steps=5)
est.export_saved_model('export', receiver)
