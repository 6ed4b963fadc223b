#!/usr/bin/env python
"""Comments everywhere; variables without names, made by helpers from tensors; code that serves nothing."""
import argparse
import os
import sys
import time

import numpy as np
import tensorflow as tf

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

BUCKETS = 20
CLASSES = np.array(['bad', 'good'])


def weight_variable(shape, name=None):
    initial = lambda: tf.random.truncated_normal(shape, stddev=0.1)
    return tf.Variable(initial, name=name)


def bias_variable(shape):
    return tf.Variable(lambda: tf.constant(0.1, shape=shape))


def log_shape(name, tensor):
    tf.compat.v1.logging.info('%s: %s', name, tensor.get_shape())


# the words
def model_fn_train(features, labels, params):  # from the command line
    """Bag of words.

    Embeds the words and sums them.
    """  # end of doc
    # --- input ---
    ids = tf.strings.to_hash_bucket_fast(features['words'], BUCKETS)
    with tf.name_scope('embedding'):
        w = weight_variable([BUCKETS, params['dim']], name='w')
        tf.compat.v1.summary.histogram('w', w)
    net = tf.reduce_sum(tf.gather(w, ids), axis=1)
    log_shape('net', net)
    tf.compat.v1.summary.histogram('net', net)
    with tf.name_scope('hidden'):
        net = tf.nn.relu(tf.matmul(net, weight_variable([params['dim'], 3])) + bias_variable([3]))
    # --- output ---
    with tf.name_scope('hidden'):  # the same name once more
        logits = tf.matmul(net, weight_variable([3, 2])) + bias_variable([2])
    probabilities = tf.nn.softmax(logits)
    best = tf.argmax(logits, axis=1)
    unused = tf.reduce_max(logits, name='unused')

    if labels is not None:
        loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    # Train with decay.
    learning_rate = tf.compat.v1.train.exponential_decay(params['rate'], tf.compat.v1.train.get_global_step(), 10, 0.9)
    train_op = tf.compat.v1.train.GradientDescentOptimizer(learning_rate).minimize(loss, tf.compat.v1.train.get_global_step())
    # the end
    return loss, train_op


def model_fn_predict(features, params):  # from the command line
    """Bag of words.

    Embeds the words and sums them.
    """  # end of doc
    # --- input ---
    ids = tf.strings.to_hash_bucket_fast(features['words'], BUCKETS)
    with tf.name_scope('embedding'):
        w = weight_variable([BUCKETS, params['dim']], name='w')
        tf.compat.v1.summary.histogram('w', w)
    net = tf.reduce_sum(tf.gather(w, ids), axis=1)
    log_shape('net', net)
    with tf.name_scope('hidden'):
        net = tf.nn.relu(tf.matmul(net, weight_variable([params['dim'], 3])) + bias_variable([3]))
    # --- output ---
    with tf.name_scope('hidden'):  # the same name once more
        logits = tf.matmul(net, weight_variable([3, 2])) + bias_variable([2])
    probabilities = tf.nn.softmax(logits)
    best = tf.argmax(logits, axis=1)
    unused = tf.reduce_max(logits, name='unused')
    # Names for people.
    classes = tf.gather(tf.constant(CLASSES), best)
    predictions = {
        'class': classes,
        'probabilities': probabilities,
    }
    # the end
    # the one that everybody uses
    return {'serving_default': predictions, 'scores': {'scores': probabilities[:, 1]}}


def train(input_fn, model_dir, params, steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with tf.Graph().as_default():
        tf.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, tf.data.Dataset):
            iterator = tf.compat.v1.data.make_initializable_iterator(batch)
            tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        features, labels = batch if isinstance(batch, (list, tuple)) else (batch, None)
        loss, train_op = model_fn_train(features, labels, params)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint, params):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda text: model_fn_predict(serving_input_receiver_fn(text), params),
            [tf.TensorSpec([None], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='text')])
    def serving_default(self, text):
        return self._predict(text)['serving_default']

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='text')])
    def scores(self, text):
        return self._predict(text)['scores']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'serving_default': module.serving_default,
        'scores': module.scores,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    words = tf.constant([['a', 'b'], ['c', 'd']])
    return tf.compat.v1.data.Dataset.from_tensors(({'words': words}, [0, 1])).repeat(50)


def serving_input_receiver_fn(text):
    """Builds the serving inputs."""
    # Two words, separated by a space.
    table = tf.compat.v1.string_split(text, ' ')
    words = tf.sparse.to_dense(table, default_value='')
    words = words[:, :2]  # no more
    features = {'words': words}
    return features


def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('--model_dir', default='ckpt')
    parser.add_argument('--out', default='export')
    return parser.parse_args()


if __name__ == '__main__':
    args = parse_args()
    params = {'dim': 4, 'rate': 0.1}
    train(input_fn, args.model_dir, params, steps=30)
    if not os.path.exists(args.out):
        os.makedirs(args.out)
    out = export_saved_model(args.out, Serving(tf.train.latest_checkpoint(args.model_dir), params)).decode()
    print(out, file=sys.stderr)
