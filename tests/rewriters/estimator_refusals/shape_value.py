# expect: `size.value` is what TensorFlow 2 gives without `.value`
import tensorflow as tf


def known(size):
    return size.value


def model_fn(features, labels, mode, params):
    net = tf.layers.dense(features['x'], params['size'])
    n = known(net.get_shape()[1])
    net = tf.reshape(net, [-1, n])
    out = tf.layers.dense(net, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'out': out}, export_outputs={
            'serving_default': tf.estimator.export.PredictOutput({'out': out})})
    loss = tf.losses.mean_squared_error(labels, out)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn():
    return tf.data.Dataset.from_tensors(({'x': [[1., 2.]]}, [[1.]])).repeat()


def serving_input_fn():
    x = tf.placeholder(tf.float32, [None, 2])
    return tf.estimator.export.ServingInputReceiver({'x': x}, {'x': x})


def main():
    est = tf.estimator.Estimator(model_fn, 'ckpt', params={'size': 3})
    est.train(input_fn, steps=2)
    est.export_saved_model('export', serving_input_fn)


main()
