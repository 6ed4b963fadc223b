"""Trains click rates of advertisements from the words that they use, and exports the model from the session.

    python export.py

writes `click-rates/1/`. Clients send the numbers of the words as a sparse tensor: no two advertisements have as many.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

WORDS = 8
# Six advertisements: one row for each word of each, the number of the word, and who clicked on them.
INDICES = np.array([[0, 0], [0, 1], [1, 0], [2, 0], [2, 1], [2, 2], [3, 0], [4, 0], [5, 0], [5, 1]], np.int64)
NUMBERS = np.array([1, 5, 2, 0, 3, 5, 7, 6, 1, 4], np.int64)
CLICKED = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], np.float32)


def train_and_export(export_dir):
    words = tf.sparse_placeholder(tf.int64, name='words')
    clicked = tf.placeholder(tf.float32, shape=[None], name='clicked')
    weights = tf.get_variable('weights', [WORDS, 1], initializer=tf.zeros_initializer())
    bias = tf.get_variable('bias', [1], initializer=tf.zeros_initializer())
    sums = tf.nn.embedding_lookup_sparse(weights, words, None, combiner='sum')
    logits = tf.squeeze(sums + bias, axis=1)
    rate = tf.sigmoid(logits, name='rate')
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=clicked, logits=logits))
    train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feeds = {words: tf.SparseTensorValue(INDICES, NUMBERS, [6, 3]), clicked: CLICKED}
        for _ in range(50):
            sess.run(train_op, feeds)
        print('loss:', sess.run(loss, feeds))
        tf.saved_model.simple_save(sess, export_dir, inputs={'words': words}, outputs={'rate': rate})


if __name__ == '__main__':
    train_and_export('click-rates/1')
