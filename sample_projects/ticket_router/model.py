"""The network that routes support tickets, as a model_fn: who answers a ticket, and how many hours it will take."""
import tensorflow as tf

TEAMS = ['billing', 'network', 'sales']


def network(features, params, training):
    net = tf.layers.dense(features['signals'], params['units'], activation=tf.nn.relu, name='hidden')
    net = tf.layers.batch_normalization(net, training=training, name='norm')
    return tf.layers.dropout(net, 0.2, training=training)


def model_fn(features, labels, mode, params):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net = network(features, params, training)
    logits = tf.layers.dense(net, len(TEAMS), name='team')
    hours = tf.squeeze(tf.layers.dense(net, 1, name='hours'), axis=1)
    scores = tf.nn.softmax(logits)

    if mode == tf.estimator.ModeKeys.PREDICT:
        teams = tf.tile(tf.constant([TEAMS]), [tf.shape(scores)[0], 1])
        outputs = {'team': tf.gather(TEAMS, tf.argmax(logits, axis=1)), 'hours': hours}
        return tf.estimator.EstimatorSpec(mode, predictions=outputs, export_outputs={
            'serving_default': tf.estimator.export.ClassificationOutput(scores=scores, classes=teams),
            'hours': tf.estimator.export.RegressionOutput(hours),
            'route': tf.estimator.export.PredictOutput(outputs),
        })

    loss = tf.losses.sparse_softmax_cross_entropy(labels['team'], logits)
    loss += tf.losses.mean_squared_error(labels['hours'], hours)
    if mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels['team'], tf.argmax(logits, axis=1))
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={'accuracy': accuracy})

    # The moving averages of the batch norm.
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer(0.05).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
