"""Feature columns in the params; outputs that are filled piece by piece."""
import tensorflow as tf


def columns():
    age = tf.feature_column.numeric_column('age')
    buckets = tf.feature_column.bucketized_column(age, [20, 40, 60])
    job = tf.feature_column.categorical_column_with_hash_bucket('job', 10)
    return [age, buckets, tf.feature_column.embedding_column(job, 3), tf.feature_column.indicator_column(job)]


def model_fn(features, labels, mode, params):
    net = tf.feature_column.input_layer(features, params['columns'])
    for units in params['hidden']:
        net = tf.layers.dense(net, units, tf.nn.tanh)
    logits = tf.layers.dense(net, 1)
    predictions = {}
    predictions['logits'] = logits
    predictions['logistic'] = tf.nn.sigmoid(logits)
    predictions.update({'twice': logits * 2})
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions, export_outputs={
            'predict': tf.estimator.export.PredictOutput(predictions)})
    loss = tf.losses.sigmoid_cross_entropy(tf.reshape(labels, [-1, 1]), logits)
    train_op = tf.train.FtrlOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)


def input_fn():
    return {'age': tf.constant([[30.], [50.]]), 'job': tf.constant([['a'], ['b']])}, tf.constant([0., 1.])


def json_serving_input_fn():
    age = tf.placeholder(shape=[None, 1], dtype=tf.float32)
    job = tf.placeholder(shape=[None, 1], dtype=tf.string)
    inputs = {"age": age, "job": job}
    return tf.estimator.export.ServingInputReceiver(inputs, inputs)


def main():
    estimator = tf.estimator.Estimator(model_fn, 'ckpt', params={'columns': columns(), 'hidden': [4, 2]})
    estimator.train(input_fn, steps=5)
    estimator.export_savedmodel('export', json_serving_input_fn)


main()
