"""A file that is copied into the export directory before `save()`, and a graph that is built in a scope."""

import shutil

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    with tf.name_scope('twice'):
        y = tf.multiply(x, 2., name='y')
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    shutil.copy('vocabulary.txt', 'export/words.txt')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
        })
    builder.save()
