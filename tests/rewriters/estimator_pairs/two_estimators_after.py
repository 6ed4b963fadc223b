"""Two Estimators in one file, and a helper that both call."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def layer(x, mode):
    x = tf.compat.v1.layers.dense(x, 4)
    if mode == 'train':
        x = tf.compat.v1.layers.dropout(x, training=True)
    return x


def first_fn_train(features):
    out = layer(features['x'], 'train')
    loss = tf.reduce_mean(out)
    return loss, tf.compat.v1.train.AdamOptimizer().minimize(loss, tf.compat.v1.train.get_global_step())


def first_fn_predict(features):
    out = layer(features['x'], 'infer')
    return {'serving_default': {'a': out}}


def train(input_fn, model_dir, steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with tf.Graph().as_default():
        tf.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, tf.data.Dataset):
            iterator = tf.compat.v1.data.make_initializable_iterator(batch)
            tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        features = batch[0] if isinstance(batch, (list, tuple)) else batch
        loss, train_op = first_fn_train(features)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `first_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda x: first_fn_predict({'x': x}),
            [tf.TensorSpec([None, 3], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='x')])
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


def second_fn_train(features, params):
    out = layer(layer(features['x'], 'train'), 'train') * params['k']
    loss = tf.reduce_mean(out)
    return loss, tf.compat.v1.train.AdamOptimizer().minimize(loss, tf.compat.v1.train.get_global_step())


def second_fn_predict(features, params):
    out = layer(layer(features['x'], 'infer'), 'infer') * params['k']
    return {'serving_default': {'b': out}}


def train_2(input_fn, model_dir, params, steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with tf.Graph().as_default():
        tf.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, tf.data.Dataset):
            iterator = tf.compat.v1.data.make_initializable_iterator(batch)
            tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        features = batch[0] if isinstance(batch, (list, tuple)) else batch
        loss, train_op = second_fn_train(features, params)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving_2(tf.Module):
    """Serves `second_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint, params):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda x: second_fn_predict({'x': x}, params),
            [tf.TensorSpec([None, 3], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='x')])
    def serving_default(self, x):
        return self._predict(x)['serving_default']


def export_saved_model_2(export_dir_base, module):
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


def data():
    return {'x': tf.ones([2, 3])}


train(data, 'ckpt/a', steps=2)
params_2 = {'k': 2.}
train_2(data, 'ckpt/b', params_2, steps=2)
export_saved_model('export_a', Serving(tf.train.latest_checkpoint('ckpt/a')))
export_saved_model_2('export_b', Serving_2(tf.train.latest_checkpoint('ckpt/b'), params_2))
