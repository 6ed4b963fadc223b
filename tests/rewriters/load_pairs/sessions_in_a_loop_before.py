"""Sessions that are opened and closed in a loop, one statement for each."""
import os

import numpy as np
import tensorflow as tf

# Each of them.
for version in os.listdir('exported'):
    # A graph for each.
    sess = tf.Session(graph=tf.Graph())
    with sess.graph.as_default(), sess.as_default():
        # The newest API of the model.
        meta_graph = tf.saved_model.loader.load(sess, ['serve'], os.path.join('exported', version))
        signature = meta_graph.signature_def['counters']
        fetches = {'sum': signature.outputs['sum'].name, 'rest': [signature.outputs['low'].name]}
        value = np.zeros(3)
        while sess.run(fetches, {signature.inputs['values'].name: value})['sum'] < 10:
            value += 1
        print(version, value)
    # Enough of it.
    print(version)
    sess.close()
