"""A lone tensor as feature, input and prediction: TF1 calls them `feature`, `input` and `output`. An unused config."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def model_train(features, labels, params):
    x = features['feature'] if isinstance(features, dict) else features
    score = tf.reduce_sum(tf.compat.v1.layers.dense(x, params['units']), axis=1, keepdims=True)
    loss = tf.reduce_mean(tf.abs(score - labels))
    return loss, tf.compat.v1.train.AdamOptimizer().minimize(loss, tf.compat.v1.train.get_global_step())


def model_predict(features, params):
    x = features['feature'] if isinstance(features, dict) else features
    score = tf.reduce_sum(tf.compat.v1.layers.dense(x, params['units']), axis=1, keepdims=True)
    return {'serving_default': {'output': score}}


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
        loss, train_op = model_train(features, labels, params)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `model` with the variables of a checkpoint."""

    def __init__(self, checkpoint, params):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda input: model_predict(receiver(input), params),
            [tf.TensorSpec([None, 2], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='input')])
    def serving_default(self, input):
        return self._predict(input)['serving_default']


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


def data():
    return tf.constant([[1., 2.]]), tf.constant([[1.]])


def receiver(image):
    return {'feature': image}


params = {'units': 3}
train(data, 'ckpt', params, steps=5)
export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt'), params))
