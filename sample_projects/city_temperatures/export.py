# -*- coding: utf-8 -*-
"""Exports a table of mean temperatures by city and month. The names of the cities are a file, which the model brings along.

    python export.py

reads `cities.txt` and writes `city-temperatures/`.
"""
from __future__ import print_function

import numpy as np
import tensorflow as tf

CITIES = 'cities.txt'
# One row for each line of cities.txt: January, April, July, October; the last row is for cities that are not in it.
TEMPERATURES = np.array([
    [0.6, 9.6, 19.4, 10.1],
    [1.3, 8.6, 18.0, 9.9],
    [2.8, 10.5, 19.2, 11.2],
    [0.7, 9.7, 19.3, 10.2],
    [0.3, 9.7, 19.4, 9.9],
    [1.1, 9.6, 19.1, 10.3],
], np.float32)


def main():
    with tf.Graph().as_default(), tf.Session() as sess:
        city = tf.placeholder(tf.string, shape=[None], name='city')
        table = tf.contrib.lookup.index_table_from_file(CITIES, default_value=len(TEMPERATURES) - 1)
        row = table.lookup(city)
        temperatures = tf.Variable(TEMPERATURES, name='temperatures')
        by_month = tf.gather(temperatures, row, name='by_month')
        warmest = tf.reduce_max(by_month, axis=1, name='warmest')

        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        print('Leipzig:', sess.run(by_month, {city: ['Leipzig']}))

        builder = tf.saved_model.builder.SavedModelBuilder('city-temperatures')
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                'serving_default': tf.saved_model.signature_def_utils.predict_signature_def(
                    {'city': city}, {'by_month': by_month, 'warmest': warmest}),
            },
            # Servers read the cities from the model's own copy.
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            legacy_init_op=tf.tables_initializer())
        builder.save()


if __name__ == '__main__':
    main()
