"""Names of tensors become those of the signature, and are written to a file that clients read."""

import json

import tensorflow as tf


class Exporter:
    def __init__(self, sess, x, outputs):
        self.sess, self.x, self.outputs = sess, x, outputs

    def export(self, folder):
        print('serving', self.x.name)
        outputs = {tensor.op.name: tensor for tensor in self.outputs}
        tf.saved_model.simple_save(self.sess, folder, inputs={'x': self.x}, outputs=outputs)
        with open(folder + '.json', 'w') as file:
            json.dump({'input': self.x.name}, file)


with tf.Session(graph=tf.Graph()) as session:
    value = tf.placeholder(tf.float32, [None], name='value')
    Exporter(session, value, [tf.add(value, 1.0, name='more'), tf.subtract(value, 1.0, name='less')]).export('export')
