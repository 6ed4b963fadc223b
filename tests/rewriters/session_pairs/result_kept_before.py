"""The path that save() returns is printed, returned and compared."""
import os

import tensorflow as tf


def build(sess):
    x = tf.placeholder(tf.int32, [None], name='x')
    count = tf.Variable(40, name='count')
    sess.run(tf.global_variables_initializer())
    sess.run(count.assign_add(2))
    return {'count': tf.saved_model.predict_signature_def({'x': x}, {'y': x + count})}


def export(folder):
    with tf.Session(graph=tf.Graph()) as sess:
        signatures = build(sess)
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
        builder.add_meta_graph_and_variables(sess, ['serve'], signatures)
        path = builder.save()  # bytes
    return path


def export_and_tell(folder):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    with tf.Session(graph=tf.Graph()) as sess:
        builder.add_meta_graph_and_variables(sess, ['serve'], build(sess))
        print('filled')
    return os.path.basename(builder.save())


assert export('export/kept') == b'export/kept/saved_model.pb'
assert export_and_tell('export/told') == b'saved_model.pb'
