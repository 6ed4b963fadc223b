"""Trains a linear model of house prices and exports it from the session that trained it.

    python export.py

writes `house-prices/1/`. The tensors are attributes of an object, as in many code bases of 2017.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

# Size in 100 square metres, number of rooms, age in decades; price in 100,000.
HOUSES = np.array([[1.2, 4, 1], [0.8, 3, 5], [2.0, 6, 2], [0.5, 1, 3], [1.5, 5, 0]], np.float32)
PRICES = np.array([[3.1], [1.7], [4.9], [1.1], [4.2]], np.float32)


class Model(object):
    """price = size * a + rooms * b + age * c + d"""

    def __init__(self):
        self.houses = tf.placeholder(tf.float32, [None, 3], name='houses')
        self.prices = tf.placeholder(tf.float32, [None, 1], name='prices')
        weights = tf.get_variable('weights', [3, 1], initializer=tf.zeros_initializer())
        bias = tf.get_variable('bias', [1], initializer=tf.zeros_initializer())
        self.estimates = tf.matmul(self.houses, weights) + bias
        self.loss = tf.reduce_mean(tf.square(self.estimates - self.prices))
        self.train_op = tf.train.GradientDescentOptimizer(0.01).minimize(self.loss)


def main():
    with tf.Graph().as_default():
        model = Model()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(100):
                sess.run(model.train_op, {model.houses: HOUSES, model.prices: PRICES})
            print('loss:', sess.run(model.loss, {model.houses: HOUSES, model.prices: PRICES}))

            # The version is the folder's name: the server takes the highest.
            builder = tf.saved_model.builder.SavedModelBuilder('house-prices/1')
            signature = tf.saved_model.signature_def_utils.build_signature_def(
                inputs={'houses': tf.saved_model.utils.build_tensor_info(model.houses)},
                outputs={'prices': tf.saved_model.utils.build_tensor_info(model.estimates)},
                method_name=tf.saved_model.signature_constants.PREDICT_METHOD_NAME)
            builder.add_meta_graph_and_variables(
                sess, [tf.saved_model.tag_constants.SERVING],
                signature_def_map={
                    tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature,
                })
            builder.save()


if __name__ == '__main__':
    main()
