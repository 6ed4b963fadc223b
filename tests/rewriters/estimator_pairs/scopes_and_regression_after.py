"""Variables in scopes made by a helper, tensors as initial values, regress and predict signatures, a returned export."""
import os
import time

import tensorflow as tf

EMBEDDING_SIZE = 4


def dense(x, size, scope, reuse=None):
    with tf.compat.v1.variable_scope(scope, reuse=reuse):
        w = tf.compat.v1.get_variable('w', [x.get_shape().as_list()[-1], size],
                            initializer=tf.compat.v1.truncated_normal_initializer(stddev=0.1))
        b = tf.compat.v1.get_variable('b', [size], initializer=tf.compat.v1.zeros_initializer())
        return tf.matmul(x, w) + b


def model_fn_train(features, labels, params):
    with tf.compat.v1.variable_scope('embeddings'):
        table = tf.compat.v1.get_variable('table', [params['vocab'], EMBEDDING_SIZE])
        embedded = tf.compat.v1.nn.embedding_lookup(table, features['ids'])
    with tf.compat.v1.variable_scope('tower'):
        net = tf.nn.tanh(dense(tf.reduce_mean(embedded, 1), params['units'], 'one'))
        net = tf.compat.v1.nn.dropout(net, 0.9)
        scale = tf.Variable(lambda: tf.ones([params['units']]), name='scale')
        offset = tf.Variable(lambda: tf.random.normal([params['units']]))
        net = net * scale + offset
    value = tf.squeeze(dense(net, 1, 'value'), axis=1)

    loss = tf.reduce_mean(tf.square(value - labels))
    train_op = tf.compat.v1.train.AdamOptimizer(params['learning_rate']).minimize(
        loss, global_step=tf.compat.v1.train.get_or_create_global_step())
    return loss, train_op


def model_fn_predict(features, params):
    with tf.compat.v1.variable_scope('embeddings'):
        table = tf.compat.v1.get_variable('table', [params['vocab'], EMBEDDING_SIZE])
        embedded = tf.compat.v1.nn.embedding_lookup(table, features['ids'])
    with tf.compat.v1.variable_scope('tower'):
        net = tf.nn.tanh(dense(tf.reduce_mean(embedded, 1), params['units'], 'one'))
        scale = tf.Variable(lambda: tf.ones([params['units']]), name='scale')
        offset = tf.Variable(lambda: tf.random.normal([params['units']]))
        net = net * scale + offset
    value = tf.squeeze(dense(net, 1, 'value'), axis=1)
    # For the batch clients.
    return {
        'serving_default': {'outputs': value},
        'raw': {'output': value},
        'everything': {'value': value, 'net': net},
    }


def train(input_fn, model_dir, params, steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with tf.Graph().as_default():
        tf.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, tf.data.Dataset):
            iterator = tf.compat.v1.data.make_initializable_iterator(batch)
            tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        features, labels = batch if isinstance(batch, (list, tuple)) else (batch, None)
        loss, train_op = model_fn_train(features, labels, params)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint, params):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda examples: model_fn_predict(serving_input_fn(examples), params),
            [tf.TensorSpec([None], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def serving_default(self, inputs):
        return self._predict(inputs)['serving_default']

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='examples')])
    def raw(self, examples):
        return self._predict(examples)['raw']

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='examples')])
    def everything(self, examples):
        return self._predict(examples)['everything']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'serving_default': module.serving_default,
        'raw': module.raw,
        'everything': module.everything,
    })
    updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(temporary_dir)
    updater.replace_method_name('serving_default', tf.saved_model.REGRESS_METHOD_NAME)
    updater.save()
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    ids = tf.compat.v1.data.Dataset.from_tensor_slices([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    values = tf.compat.v1.data.Dataset.from_tensor_slices([1., 2., 3.])
    dataset = tf.compat.v1.data.Dataset.zip((ids, values)).repeat().batch(3)
    iterator = dataset.make_one_shot_iterator()
    x, y = iterator.get_next()
    return {'ids': x}, y


def serving_input_fn(serialized):
    feature_spec = {'ids': tf.io.FixedLenFeature([3], tf.int64)}
    features = tf.io.parse_example(serialized, feature_spec)
    features['ids'] = tf.minimum(features['ids'], 9)
    return features


def run(output_dir):
    params = dict(vocab=10, units=6, learning_rate=0.01)
    model_dir = os.path.join('.', 'ckpt')
    train(input_fn, model_dir, params, steps=15)
    return export_saved_model(os.path.join('.', output_dir), Serving(tf.train.latest_checkpoint(model_dir), params))


if __name__ == '__main__':
    print(run('export'))
