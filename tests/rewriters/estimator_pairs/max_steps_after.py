"""Training up to a step: what was trained before is not trained again."""

import os
import time

import tensorflow as tf


def model_fn_train(features, labels, params):
    y = features['x'] * tf.compat.v1.get_variable('factor', initializer=params['start'])
    loss = tf.compat.v1.losses.mean_squared_error(labels, y)
    train_op = tf.compat.v1.train.GradientDescentOptimizer(0.125).minimize(loss, tf.compat.v1.train.get_global_step())
    return loss, train_op


def model_fn_predict(features, params):
    y = features['x'] * tf.compat.v1.get_variable('factor', initializer=params['start'])
    return {'serving_default': {'y': y}}


def train(input_fn, model_dir, params, max_steps):
    """Trains up to step `max_steps` from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    checkpoint = tf.train.latest_checkpoint(model_dir)
    if checkpoint and tf.train.load_checkpoint(checkpoint).get_tensor('global_step') >= max_steps:
        return
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
            tf.compat.v1.train.StopAtStepHook(last_step=max_steps),
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
            lambda x: model_fn_predict(serving_input_fn(x), params),
            [tf.TensorSpec([None], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return self._predict(x)['serving_default']


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
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    return tf.compat.v1.data.Dataset.from_tensors(({'x': [1., 1.]}, [3., 3.])).repeat()


def serving_input_fn(x):
    return {'x': x}


def run(folder, steps):
    params = {'start': 1.}
    # No more than that.
    train(input_fn, 'checkpoints', params, max_steps=steps)
    return export_saved_model(folder, Serving(tf.train.latest_checkpoint('checkpoints'), params))
