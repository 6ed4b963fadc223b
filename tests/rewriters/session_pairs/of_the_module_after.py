"""The builder belongs to the whole module, and is filled and saved in a function."""
import os

import tensorflow as tf
import session_module

folder = os.path.join('export', '1')
export_dir = folder


def main(folder):
    with tf.compat.v1.Session(graph=tf.Graph()) as sess:
        x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
        power = tf.Variable(1.0, name='power')
        sess.run(tf.compat.v1.global_variables_initializer())
        for _ in range(3):
            sess.run(power.assign_add(folder))
        signature = tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': tf.pow(x, power)})
        session_module.save(sess, export_dir, tags=['serve'], signature_def_map={'power': signature})


main(1.0)
