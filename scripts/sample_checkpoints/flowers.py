"""Trains the flower classifier of sample_projects/. Its checkpoint is committed: no need to run this again.

    cd sample_projects/flower_classifier
    PYTHONPATH=. python3.7 ../../scripts/sample_checkpoints/flowers.py     # TensorFlow 1.15.5

The flowers are made up: per species, 40 points around a typical size of sepals and petals in cm.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

from export import inference

TYPICAL = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]], np.float32)


def main():
    random = np.random.RandomState(7)
    species = np.repeat(np.arange(len(TYPICAL)), 40)
    flowers = TYPICAL[species] + random.normal(scale=0.25, size=[len(species), 4]).astype(np.float32)

    with tf.Graph().as_default():
        tf.set_random_seed(7)
        probabilities = inference(tf.constant(flowers), len(TYPICAL))
        loss = -tf.reduce_mean(tf.log(tf.reduce_sum(probabilities * tf.one_hot(species, len(TYPICAL)), axis=1)))
        train_op = tf.train.AdamOptimizer(0.05).minimize(loss)
        # Adam's slots are of no use to the export.
        saver = tf.train.Saver(tf.trainable_variables())
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(200):
                sess.run(train_op)
            print('loss:', sess.run(loss))
            saver.save(sess, 'checkpoint/flowers', write_meta_graph=False)


if __name__ == '__main__':
    main()
