"""One spec at the end for every mode, `if`/`elif` on the mode, one export output that is not the default one."""
import tensorflow as tf

LABELS = 3


def network(features, is_training):
    """Two hidden layers."""
    net = tf.concat([features['petal'], features['sepal']], axis=1)
    net = tf.layers.dense(net, 8, activation=tf.nn.relu)
    net = tf.layers.dropout(net, rate=0.3, training=is_training)
    net = tf.layers.dense(net, 8, activation=tf.nn.relu)
    return tf.layers.dense(net, LABELS, name='logits')


def my_model(features, labels, mode, params):
    """The model of the course.

    Three classes.
    """
    is_training = mode == tf.estimator.ModeKeys.TRAIN
    logits = network(features, is_training)
    # What a client gets.
    predictions = {
        'class_ids': tf.argmax(logits, 1),
        'probabilities': tf.nn.softmax(logits),  # sums to one
        'logits': logits,
    }
    loss = None
    train_op = None
    eval_metric_ops = None
    if mode != tf.estimator.ModeKeys.PREDICT:
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.AdagradOptimizer(learning_rate=params['learning_rate'])
        train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    elif mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels=labels, predictions=predictions['class_ids'], name='acc_op')
        tf.summary.scalar('accuracy', accuracy[1])
        eval_metric_ops = {'accuracy': accuracy}
    export_outputs = {'classify_iris': tf.estimator.export.PredictOutput(predictions)}
    return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions, loss=loss, train_op=train_op,
                                      eval_metric_ops=eval_metric_ops, export_outputs=export_outputs)


def train_input_fn(batch=4):
    features = {'petal': [[1., 2.], [3., 4.], [5., 6.], [7., 8.]], 'sepal': [[1.], [2.], [3.], [4.]]}
    dataset = tf.data.Dataset.from_tensor_slices((features, [0, 1, 2, 1]))
    return dataset.shuffle(10).repeat().batch(batch)


def serving_input_receiver_fn():
    # The client sends both parts.
    inputs = {
        'petal': tf.placeholder(tf.float32, [None, 2], name='petal'),
        'sepal': tf.placeholder(tf.float32, [None, 1], name='sepal'),
    }
    return tf.estimator.export.ServingInputReceiver(inputs, inputs)


def main(argv):
    classifier = tf.estimator.Estimator(
        model_fn=my_model,
        model_dir='ckpt',
        params={'learning_rate': 0.1})
    # Train the model.
    classifier.train(input_fn=lambda: train_input_fn(4), steps=30)
    classifier.export_savedmodel('export', serving_input_receiver_fn)


if __name__ == '__main__':
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.app.run(main)
