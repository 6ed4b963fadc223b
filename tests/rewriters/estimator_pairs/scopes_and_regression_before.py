"""Variables in scopes made by a helper, tensors as initial values, regress and predict signatures, a returned export."""
import os

import tensorflow as tf

EMBEDDING_SIZE = 4


def dense(x, size, scope, reuse=None):
    with tf.variable_scope(scope, reuse=reuse):
        w = tf.get_variable('w', [x.get_shape().as_list()[-1], size],
                            initializer=tf.truncated_normal_initializer(stddev=0.1))
        b = tf.get_variable('b', [size], initializer=tf.zeros_initializer())
        return tf.matmul(x, w) + b


def model_fn(features, labels, mode, params):
    with tf.variable_scope('embeddings'):
        table = tf.get_variable('table', [params['vocab'], EMBEDDING_SIZE])
        embedded = tf.nn.embedding_lookup(table, features['ids'])
    with tf.variable_scope('tower'):
        net = tf.nn.tanh(dense(tf.reduce_mean(embedded, 1), params['units'], 'one'))
        if mode == tf.estimator.ModeKeys.TRAIN:
            net = tf.nn.dropout(net, 0.9)
        scale = tf.Variable(tf.ones([params['units']]), name='scale')
        offset = tf.Variable(tf.random_normal([params['units']]))
        net = net * scale + offset
    value = tf.squeeze(dense(net, 1, 'value'), axis=1)

    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(
            mode=mode,
            predictions={'value': value},
            export_outputs={
                tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY:
                    tf.estimator.export.RegressionOutput(value=value),
                # For the batch clients.
                'raw': tf.estimator.export.PredictOutput(outputs=value),
                'everything': tf.estimator.export.PredictOutput({'value': value, 'net': net}),
            })

    loss = tf.reduce_mean(tf.square(value - labels))
    if mode == tf.estimator.ModeKeys.TRAIN:
        train_op = tf.train.AdamOptimizer(params['learning_rate']).minimize(
            loss, global_step=tf.train.get_or_create_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
    return tf.estimator.EstimatorSpec(mode, loss=loss)


def input_fn():
    ids = tf.data.Dataset.from_tensor_slices([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    values = tf.data.Dataset.from_tensor_slices([1., 2., 3.])
    dataset = tf.data.Dataset.zip((ids, values)).repeat().batch(3)
    iterator = dataset.make_one_shot_iterator()
    x, y = iterator.get_next()
    return {'ids': x}, y


def serving_input_fn():
    serialized = tf.placeholder(dtype=tf.string, shape=[None], name='input_example_tensor')
    receiver_tensors = {'examples': serialized}
    feature_spec = {'ids': tf.FixedLenFeature([3], tf.int64)}
    features = tf.parse_example(serialized, feature_spec)
    features['ids'] = tf.minimum(features['ids'], 9)
    return tf.estimator.export.ServingInputReceiver(features, receiver_tensors)


def run(output_dir):
    params = dict(vocab=10, units=6, learning_rate=0.01)
    estimator = tf.estimator.Estimator(model_fn, os.path.join('.', 'ckpt'), params=params)
    estimator.train(input_fn, steps=15)
    return estimator.export_saved_model(os.path.join('.', output_dir), serving_input_fn, checkpoint_path=None)


if __name__ == '__main__':
    print(run('export'))
