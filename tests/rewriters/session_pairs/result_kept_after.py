"""The path that save() returns is printed, returned and compared."""
import os

import tensorflow as tf
import session_module

tf.compat.v1.disable_v2_behavior()


def build(sess):
    x = tf.compat.v1.placeholder(tf.int32, [None], name='x')
    count = tf.Variable(40, name='count')
    sess.run(tf.compat.v1.global_variables_initializer())
    sess.run(count.assign_add(2))
    return {'count': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x + count})}


def export(folder):
    with tf.compat.v1.Session(graph=tf.Graph()) as sess:
        signatures = build(sess)
        # bytes
        path = session_module.save(sess, folder, tags=['serve'], signature_def_map=signatures)
    return path


def export_and_tell(folder):
    with tf.compat.v1.Session(graph=tf.Graph()) as sess:
        saved_model_path = session_module.save(sess, folder, tags=['serve'], signature_def_map=build(sess))
        print('filled')
    return os.path.basename(saved_model_path)


assert export('export/kept') == b'export/kept/saved_model.pb'
assert export_and_tell('export/told') == b'saved_model.pb'
