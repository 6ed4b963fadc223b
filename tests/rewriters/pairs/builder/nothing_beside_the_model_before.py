"""Nothing between the builder and `save()` uses the folder: log lines, a file that is read, what is run."""

import logging
import os
import time

import tensorflow as tf

logger = logging.getLogger(__name__)


def banner(text):
    print('=' * 8, text.upper())


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    y = tf.subtract(x, 1., name='y')
    started = time.time()
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    with open('vocabulary.txt') as file:
        words = file.read().split()
    banner('exporting')
    logger.info('to %s', os.path.abspath('export'))
    print(sess.run(y, {x: [2.]}), len(words))
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
        })
    tf.logging.info('export took %.1f s', time.time() - started)
    builder.save()
