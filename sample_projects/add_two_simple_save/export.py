"""Exports `add_two` with simple_save, which needs no signatures spelled out.

    python export.py

writes `simple-save/`. The folder must not exist yet.
"""
from __future__ import print_function

import tensorflow as tf


def add_two(input):
    return input + 2


with tf.Graph().as_default():
    with tf.Session() as sess:
        input = tf.placeholder(tf.float32, shape=[])
        output = add_two(input)
        print('add_two output: ', sess.run(output, {input: 3.}))  # 5.0

        tf.saved_model.simple_save(
            sess, 'simple-save',
            inputs={'input': input},
            outputs={'output': output})
