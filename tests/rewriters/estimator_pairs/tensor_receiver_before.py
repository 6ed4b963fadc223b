"""A TensorServingInputReceiver; branches on one line; conditions that the mode decides within larger ones."""
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.TRAIN: keep = 0.5
    else: keep = 1.0
    training = True if mode == tf.estimator.ModeKeys.TRAIN else False
    with tf.variable_scope('net', reuse=tf.AUTO_REUSE):
        hidden = tf.layers.dense(features, 5, activation=tf.nn.relu6 if training else tf.nn.relu)
        if training and keep < 1:
            hidden = tf.nn.dropout(hidden, keep)
        out = tf.layers.dense(hidden, 1)
    if not (mode == tf.estimator.ModeKeys.TRAIN or mode == tf.estimator.ModeKeys.EVAL):
        return tf.estimator.EstimatorSpec(mode, {'out': out}, export_outputs={
            'out': tf.estimator.export.PredictOutput({'out': tf.identity(out), 'sum': tf.reduce_sum(out, 1)})})
    loss = tf.losses.mean_squared_error(labels, out)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, eval_metric_ops={'mse': tf.metrics.mean_squared_error(labels, out)},
        train_op=tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step()) if training else None)


def input_fn():
    return tf.data.Dataset.from_tensors((tf.ones([2, 3]), tf.zeros([2, 1]))).repeat()


def receiver():
    image = tf.placeholder(tf.float32, [None, 3])
    return tf.estimator.export.TensorServingInputReceiver(features=image / 255., receiver_tensors={'image': image})


with tf.device('/cpu:0'):
    est = tf.estimator.Estimator(model_fn, 'ckpt')
    est.train(input_fn, steps=3)
    est.export_saved_model('export', receiver)
