"""An `else` branch, a spec in a variable, a single export output: TF1 serves it under the default key as well."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def model_fn_train(features, labels):
    outputs = tf.compat.v1.layers.dense(features['series'], 4, activation=tf.nn.tanh)
    logits = tf.compat.v1.layers.dense(outputs, 3)
    loss = tf.compat.v1.losses.softmax_cross_entropy(tf.one_hot(labels, 3), logits)
    # Momentum does well here.
    train_op = tf.compat.v1.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=tf.compat.v1.train.get_global_step())
    return loss, train_op


def model_fn_predict(features):
    outputs = tf.compat.v1.layers.dense(features['series'], 4, activation=tf.nn.tanh)
    logits = tf.compat.v1.layers.dense(outputs, 3)
    values, ids = tf.nn.top_k(logits, k=2)
    # The best two.
    outputs_2 = {'values': values, 'ids': ids}
    return {'best': outputs_2, 'serving_default': outputs_2}


def train(input_fn, model_dir, steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with tf.Graph().as_default():
        tf.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, tf.data.Dataset):
            iterator = tf.compat.v1.data.make_initializable_iterator(batch)
            tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        features, labels = batch if isinstance(batch, (list, tuple)) else (batch, None)
        loss, train_op = model_fn_train(features, labels)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda series: model_fn_predict({'series': series}),
            [tf.TensorSpec([2, 5], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([2, 5], tf.float32, name='series')])
    def best(self, series):
        return self._predict(series)['best']

    @tf.function(input_signature=[tf.TensorSpec([2, 5], tf.float32, name='series')])
    def serving_default(self, series):
        return self._predict(series)['serving_default']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'best': module.best,
        'serving_default': module.serving_default,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def data():
    return tf.compat.v1.data.Dataset.from_tensors(({'series': tf.ones([2, 5])}, [0, 1])).repeat(20)


train(data, 'ckpt', steps=10)
export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt')))
