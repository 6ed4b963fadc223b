"""Estimators: canned ones, and one with a model_fn."""

import tensorflow as tf
from registry import WORDS, estimator

NUMERIC = [tf.feature_column.numeric_column('a')]
COLUMNS = [
    tf.feature_column.numeric_column('a'),
    tf.feature_column.indicator_column(tf.feature_column.categorical_column_with_vocabulary_list('word', WORDS)),
]


@estimator
def linear_classifier():
    return tf.estimator.LinearClassifier(COLUMNS)


@estimator
def linear_regressor():
    return tf.estimator.LinearRegressor(COLUMNS)


@estimator
def dnn_classifier():
    return tf.estimator.DNNClassifier([4], COLUMNS, n_classes=3)


@estimator
def dnn_regressor():
    return tf.estimator.DNNRegressor([4], COLUMNS)


@estimator
def wide_and_deep():
    return tf.estimator.DNNLinearCombinedClassifier(
        linear_feature_columns=COLUMNS, dnn_feature_columns=COLUMNS, dnn_hidden_units=[4]
    )


@estimator
def baseline_classifier():
    return tf.estimator.BaselineClassifier()


@estimator
def boosted_trees():
    buckets = [tf.feature_column.bucketized_column(NUMERIC[0], [0.5, 1.5, 2.5])]
    return tf.estimator.BoostedTreesClassifier(buckets, n_batches_per_layer=1, n_trees=1)


@estimator
def custom_model_fn():
    def model_fn(features, labels, mode):
        logits = tf.layers.dense(tf.feature_column.input_layer(features, COLUMNS), 2)
        scores = tf.nn.softmax(logits)
        exports = {'serving_default': tf.estimator.export.ClassificationOutput(scores=scores)}
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions={'scores': scores}, export_outputs=exports)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        train = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)

    return tf.estimator.Estimator(model_fn)


def input_fn():
    features = {'a': [[0.0], [1.0], [2.0], [3.0]], 'word': [[word] for word in WORDS]}
    return tf.data.Dataset.from_tensor_slices((features, [0, 1, 1, 0])).repeat(4).batch(4)
