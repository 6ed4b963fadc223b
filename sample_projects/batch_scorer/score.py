"""Scores the rows of a CSV file in batches with an exported model.

    python score.py

reads `houses.csv`, runs the newest model below `model/`, and writes `prices.npy` with a price per row, and
`districts.npy` with the number that the model has for each row's district.
"""
import csv
import os

import numpy as np
import tensorflow as tf

MODEL_DIR = 'model'
BATCH_SIZE = 4


def read_rows(path):
    with open(path, encoding='utf-8') as f:
        return [(row['district'], [float(row['rooms']), float(row['area'])]) for row in csv.DictReader(f)]


def newest(model_dir):
    versions = [int(name) for name in os.listdir(model_dir) if name.isdigit()]
    return os.path.join(model_dir, str(max(versions)))


def score(export_dir, rows):
    prices, districts = [], []
    # A graph of its own, so that several models can be scored one after the other.
    with tf.Session(graph=tf.Graph()) as sess:
        meta_graph = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], export_dir)
        signature = meta_graph.signature_def[tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]

        # The names of the tensors are the model's business; those in the signature are the contract.
        district = signature.inputs['district'].name
        features = signature.inputs['features'].name
        price = sess.graph.get_tensor_by_name(signature.outputs['price'].name)
        index = sess.graph.get_tensor_by_name(signature.outputs['district_index'].name)

        for start in range(0, len(rows), BATCH_SIZE):
            batch = rows[start:start + BATCH_SIZE]
            # Lists of floats and of strings: the session makes of them what the placeholders want.
            batch_prices, batch_districts = sess.run([price, index], feed_dict={
                district: [name for name, _ in batch],
                features: np.array([values for _, values in batch]),
            })
            prices.append(batch_prices)
            districts.append(batch_districts)
    return np.concatenate(prices), np.concatenate(districts)


if __name__ == '__main__':
    prices, districts = score(newest(MODEL_DIR), read_rows('houses.csv'))
    np.save('prices.npy', prices)
    np.save('districts.npy', districts)
    print('Scored', len(prices), 'rows')
