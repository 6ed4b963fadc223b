"""A string input, parsed in the receiver function; classify and predict signatures; params; an EVAL branch that goes."""
import tensorflow as tf


def model_fn(features, labels, mode, params):
    net = tf.layers.dense(features['x'], params['hidden'], activation=tf.nn.relu, name='hidden')
    net = tf.layers.dropout(net, 0.5, training=mode == tf.estimator.ModeKeys.TRAIN)
    logits = tf.layers.dense(net, 3, name='logits')
    scores = tf.nn.softmax(logits)
    if mode == tf.estimator.ModeKeys.PREDICT:
        classes = tf.tile(tf.constant([['a', 'b', 'c']]), [tf.shape(scores)[0], 1])
        return tf.estimator.EstimatorSpec(
            mode, predictions={'scores': scores},
            export_outputs={
                'serving_default': tf.estimator.export.ClassificationOutput(scores=scores, classes=classes),
                'predict': tf.estimator.export.PredictOutput({'scores': scores}),
            })
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={
            'accuracy': tf.metrics.accuracy(labels, tf.argmax(logits, 1))})
    train_op = tf.train.AdamOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn():
    x = tf.constant([[0., 1., 2., 3.], [1., 1., 0., 0.], [3., 2., 1., 0.]])
    y = tf.constant([0, 1, 2])
    return tf.data.Dataset.from_tensors(({'x': x}, y)).repeat()


def serving_input_receiver_fn():
    serialized = tf.placeholder(tf.string, [None], name='examples')
    features = tf.parse_example(serialized, {'x': tf.FixedLenFeature([4], tf.float32)})
    return tf.estimator.export.ServingInputReceiver(features, {'examples': serialized})


if __name__ == '__main__':
    estimator = tf.estimator.Estimator(model_fn, model_dir='ckpt', params={'hidden': 8})
    estimator.train(input_fn, steps=20)
    print(estimator.export_saved_model('export', serving_input_receiver_fn))
