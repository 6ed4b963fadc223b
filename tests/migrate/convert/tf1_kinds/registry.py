"""What a kind is, and what many of them are made of."""

import os

import tensorflow as tf

PREDICT, CLASSIFY, REGRESS = ('tensorflow/serving/' + kind for kind in ('predict', 'classify', 'regress'))
KINDS = {}
ESTIMATORS = {}
WORDS = ['ant', 'bee', 'cat', 'dog']


class Export:
    """What a kind wants beside its signatures."""

    def __init__(self, directory):
        self.directory = directory
        self.before = []
        self.main_op = None
        self.legacy_init_op = None
        self.other_tags = []
        self.tags = ['serve']
        self.device = ''

    def file(self, name, lines):
        os.makedirs(self.directory + '-files', exist_ok=True)
        path = os.path.join(self.directory + '-files', name)
        with open(path, 'w') as file:
            file.write('\n'.join(lines) + '\n')
        return path


def kind(function):
    KINDS[function.__name__] = function
    return function


def estimator(function):
    ESTIMATORS[function.__name__] = function
    return function


def serve(inputs, outputs, method_name=PREDICT):
    return {'serving_default': (inputs, outputs, method_name)}


def rows():
    return tf.placeholder(tf.float32, [None, 3], name='x')


def dense(x, use_resource, units=2):
    with tf.variable_scope('dense', use_resource=use_resource, initializer=tf.random_normal_initializer(seed=1)):
        weights = tf.get_variable('weights', [int(x.shape[-1]), units])
        bias = tf.get_variable('bias', [units], trainable=False)
    return tf.matmul(x, weights) + bias
