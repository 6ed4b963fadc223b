#!/usr/bin/env python
"""Comments everywhere; variables without names, made by helpers from tensors; code that serves nothing."""
import argparse
import os
import sys

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)

BUCKETS = 20
CLASSES = np.array(['bad', 'good'])


def weight_variable(shape, name=None):
    initial = tf.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial, name=name)


def bias_variable(shape):
    return tf.Variable(tf.constant(0.1, shape=shape))


def log_shape(name, tensor):
    tf.logging.info('%s: %s', name, tensor.get_shape())


def model_fn(
        features,  # the words
        labels,
        mode,
        params):  # from the command line
    """Bag of words.

    Embeds the words and sums them.
    """  # end of doc
    # --- input ---
    ids = tf.string_to_hash_bucket_fast(features['words'], BUCKETS)
    with tf.name_scope('embedding'):
        w = weight_variable([BUCKETS, params['dim']], name='w')
        tf.summary.histogram('w', w)
    net = tf.reduce_sum(tf.gather(w, ids), axis=1)
    log_shape('net', net)
    tf.summary.histogram('net', net)
    with tf.name_scope('hidden'):
        net = tf.nn.relu(tf.matmul(net, weight_variable([params['dim'], 3])) + bias_variable([3]))
    # --- output ---
    with tf.name_scope('hidden'):  # the same name once more
        logits = tf.matmul(net, weight_variable([3, 2])) + bias_variable([2])
    probabilities = tf.nn.softmax(logits)
    best = tf.argmax(logits, axis=1)
    unused = tf.reduce_max(logits, name='unused')

    def metric_fn(labels, predictions):
        return {'accuracy': tf.metrics.accuracy(labels, predictions)}

    if labels is not None:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.PREDICT:
        # Names for people.
        classes = tf.gather(tf.constant(CLASSES), best)
        predictions = {
            'class': classes,
            'probabilities': probabilities,
        }
        export_outputs = {
            # the one that everybody uses
            'serving_default': tf.estimator.export.PredictOutput(predictions),
            'scores': tf.estimator.export.PredictOutput({'scores': probabilities[:, 1]}),
        }
        return tf.estimator.EstimatorSpec(mode, predictions=predictions, export_outputs=export_outputs)
    if mode == tf.estimator.ModeKeys.EVAL:
        # nobody evaluates
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metric_fn(labels, best))
    # Train with decay.
    learning_rate = tf.train.exponential_decay(params['rate'], tf.train.get_global_step(), 10, 0.9)
    train_op = tf.train.GradientDescentOptimizer(learning_rate).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
    # the end


def input_fn():
    words = tf.constant([['a', 'b'], ['c', 'd']])
    return tf.data.Dataset.from_tensors(({'words': words}, [0, 1])).repeat(50)


def serving_input_receiver_fn():
    """Builds the serving inputs."""
    # Two words, separated by a space.
    text = tf.placeholder(tf.string, shape=[None], name='text')
    table = tf.string_split(text, ' ')
    words = tf.sparse_tensor_to_dense(table, default_value='')
    words = words[:, :2]  # no more
    features = {'words': words}
    return tf.estimator.export.ServingInputReceiver(features, {'text': text})


def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('--model_dir', default='ckpt')
    parser.add_argument('--out', default='export')
    return parser.parse_args()


if __name__ == '__main__':
    args = parse_args()
    params = {'dim': 4, 'rate': 0.1}
    model = tf.estimator.Estimator(model_fn=model_fn, model_dir=args.model_dir, params=params)
    model.train(input_fn=input_fn, steps=30)
    if not os.path.exists(args.out):
        os.makedirs(args.out)
    out = model.export_savedmodel(args.out, serving_input_receiver_fn).decode()
    print(out, file=sys.stderr)
