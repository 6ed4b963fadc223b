"""Exports `y = x * v` from a checkpoint and its MetaGraph, without the code that built the graph.

    python export.py

reads the trained `multiply/model.ckpt*` and writes `multiply-model/`.
"""
from __future__ import print_function

import tensorflow as tf

CHECKPOINT = 'multiply/model.ckpt'

with tf.Graph().as_default() as graph:
    with tf.Session() as sess:
        # The .meta file has the graph, the checkpoint has the value of `v`.
        saver = tf.train.import_meta_graph(CHECKPOINT + '.meta')
        saver.restore(sess, CHECKPOINT)

        x = graph.get_tensor_by_name('x:0')
        y = graph.get_tensor_by_name('y:0')
        print('7 * v =', sess.run(y, {x: 7.}))

        tf.saved_model.simple_save(sess, 'multiply-model', inputs={'x': x}, outputs={'y': y})
