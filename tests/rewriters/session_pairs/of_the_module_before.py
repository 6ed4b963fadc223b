"""The builder belongs to the whole module, and is filled and saved in a function."""
import os

import tensorflow as tf

folder = os.path.join('export', '1')
builder = tf.saved_model.builder.SavedModelBuilder(folder)


def main(folder):
    with tf.Session(graph=tf.Graph()) as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        power = tf.Variable(1.0, name='power')
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(power.assign_add(folder))
        signature = tf.saved_model.predict_signature_def({'x': x}, {'y': tf.pow(x, power)})
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'power': signature})
    builder.save()


main(1.0)
