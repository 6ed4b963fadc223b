"""The mode is handed to functions of the file; training and export each under an `if`; the directory is a flag."""
import time

import tensorflow as tf

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_string('model_dir', 'ckpt', 'Where the checkpoints are.')
tf.app.flags.DEFINE_integer('steps', 8, 'How long to train; 0 for not at all.')


def block(net, mode):
    net = tf.layers.dense(net, 4)
    # Only while training.
    if mode == tf.estimator.ModeKeys.TRAIN:
        net = tf.layers.dropout(net, 0.5, training=True)
    return net


def tower(features, labels, mode):
    return block(block(features['a'], mode=mode), mode)


def model_fn(features, labels, mode):
    net = tower(features, labels, mode)
    out = tf.layers.dense(net, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'out': out})
    loss = tf.losses.mean_squared_error(labels, out)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn():
    return tf.data.Dataset.from_tensors(({'a': [[1., 2.]]}, [[1.]])).repeat()


def serving_fn():
    features = {'a': tf.placeholder(tf.float32, [None, 2], name='a')}
    return tf.estimator.export.ServingInputReceiver(features=features, receiver_tensors=features)


def main(_):
    start = time.time()
    estimator = tf.estimator.Estimator(model_fn=model_fn, model_dir=FLAGS.model_dir)
    if FLAGS.steps > 0:
        estimator.train(input_fn=input_fn, steps=FLAGS.steps)
    if FLAGS.model_dir:
        estimator.export_savedmodel('export', serving_fn)
    print(time.time() - start)


if __name__ == '__main__':
    tf.app.run()
