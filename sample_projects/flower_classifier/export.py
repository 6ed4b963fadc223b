"""Exports the flower classifier: species from sepal and petal sizes in cm.

    python export.py

reads the trained `checkpoint/flowers` and writes `flower-model/` with two signatures:
`serving_default` classifies serialized tf.Examples, `predict` takes the bare numbers.
"""
from __future__ import print_function

import tensorflow as tf

SPECIES = ['setosa', 'versicolor', 'virginica']


def inference(sizes, classes):
    """One hidden layer; returns the probability of each class."""
    with tf.variable_scope('hidden'):
        weights = tf.get_variable('weights', [4, 8])
        biases = tf.get_variable('biases', [8], initializer=tf.zeros_initializer())
        hidden = tf.nn.relu(tf.matmul(sizes, weights) + biases)
    with tf.variable_scope('softmax'):
        weights = tf.get_variable('weights', [8, classes])
        biases = tf.get_variable('biases', [classes], initializer=tf.zeros_initializer())
        return tf.nn.softmax(tf.matmul(hidden, weights) + biases)


def export(checkpoint, export_dir):
    with tf.Graph().as_default():
        # The clients send tf.Examples with one feature, the four sizes.
        serialized = tf.placeholder(tf.string, shape=[None], name='tf_example')
        features = tf.parse_example(serialized, {'sizes': tf.FixedLenFeature([4], tf.float32)})
        probabilities = inference(features['sizes'], len(SPECIES))

        # The two most likely species, by name.
        scores, indices = tf.nn.top_k(probabilities, 2)
        table = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant(SPECIES))
        labels = table.lookup(tf.to_int64(indices))

        saver = tf.train.Saver()
        with tf.Session() as sess:
            saver.restore(sess, checkpoint)

            builder = tf.saved_model.builder.SavedModelBuilder(export_dir)
            classification_signature = tf.saved_model.signature_def_utils.classification_signature_def(
                examples=serialized, classes=labels, scores=scores)
            prediction_signature = tf.saved_model.signature_def_utils.predict_signature_def(
                inputs={'sizes': features['sizes']}, outputs={'probabilities': probabilities})
            builder.add_meta_graph_and_variables(
                sess, [tf.saved_model.tag_constants.SERVING],
                signature_def_map={
                    tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: classification_signature,
                    'predict': prediction_signature,
                },
                main_op=tf.tables_initializer())
            builder.save()
    print('Exported to', export_dir)


if __name__ == '__main__':
    export('checkpoint/flowers', 'flower-model')
