"""Feature columns in the params; outputs that are filled piece by piece."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def columns():
    age = tf.feature_column.numeric_column('age')
    buckets = tf.feature_column.bucketized_column(age, [20, 40, 60])
    job = tf.feature_column.categorical_column_with_hash_bucket('job', 10)
    return [age, buckets, tf.feature_column.embedding_column(job, 3), tf.feature_column.indicator_column(job)]


def model_fn_train(features, labels, params):
    net = tf.compat.v1.feature_column.input_layer(features, params['columns'])
    for units in params['hidden']:
        net = tf.compat.v1.layers.dense(net, units, tf.nn.tanh)
    logits = tf.compat.v1.layers.dense(net, 1)
    predictions = {}
    predictions['logits'] = logits
    predictions['logistic'] = tf.nn.sigmoid(logits)
    predictions.update({'twice': logits * 2})
    loss = tf.compat.v1.losses.sigmoid_cross_entropy(tf.reshape(labels, [-1, 1]), logits)
    train_op = tf.compat.v1.train.FtrlOptimizer(0.1).minimize(loss, global_step=tf.compat.v1.train.get_global_step())
    return loss, train_op


def model_fn_predict(features, params):
    net = tf.compat.v1.feature_column.input_layer(features, params['columns'])
    for units in params['hidden']:
        net = tf.compat.v1.layers.dense(net, units, tf.nn.tanh)
    logits = tf.compat.v1.layers.dense(net, 1)
    predictions = {}
    predictions['logits'] = logits
    predictions['logistic'] = tf.nn.sigmoid(logits)
    predictions.update({'twice': logits * 2})
    return {'predict': predictions, 'serving_default': predictions}


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
            lambda age, job: model_fn_predict(json_serving_input_fn(age, job), params),
            [tf.TensorSpec([None, 1], tf.float32), tf.TensorSpec([None, 1], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[
        tf.TensorSpec([None, 1], tf.float32, name='age'),
        tf.TensorSpec([None, 1], tf.string, name='job'),
    ])
    def predict(self, age, job):
        return self._predict(age, job)['predict']

    @tf.function(input_signature=[
        tf.TensorSpec([None, 1], tf.float32, name='age'),
        tf.TensorSpec([None, 1], tf.string, name='job'),
    ])
    def serving_default(self, age, job):
        return self._predict(age, job)['serving_default']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'predict': module.predict,
        'serving_default': module.serving_default,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    return {'age': tf.constant([[30.], [50.]]), 'job': tf.constant([['a'], ['b']])}, tf.constant([0., 1.])


def json_serving_input_fn(age, job):
    inputs = {"age": age, "job": job}
    return inputs


def main():
    params = {'columns': columns(), 'hidden': [4, 2]}
    train(input_fn, 'ckpt', params, steps=5)
    export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt'), params))


main()
