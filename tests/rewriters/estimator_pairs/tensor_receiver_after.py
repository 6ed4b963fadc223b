"""A TensorServingInputReceiver; branches on one line; conditions that the mode decides within larger ones."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def model_fn_train(features, labels):
    keep = 0.5
    training = True
    with tf.compat.v1.variable_scope('net', reuse=tf.compat.v1.AUTO_REUSE):
        hidden = tf.compat.v1.layers.dense(features, 5, activation=tf.nn.relu6)
        if training and keep < 1:
            hidden = tf.compat.v1.nn.dropout(hidden, keep)
        out = tf.compat.v1.layers.dense(hidden, 1)
    loss = tf.compat.v1.losses.mean_squared_error(labels, out)
    return loss, tf.compat.v1.train.AdamOptimizer().minimize(loss, tf.compat.v1.train.get_global_step())


def model_fn_predict(features):
    with tf.compat.v1.variable_scope('net', reuse=tf.compat.v1.AUTO_REUSE):
        hidden = tf.compat.v1.layers.dense(features, 5, activation=tf.nn.relu)
        out = tf.compat.v1.layers.dense(hidden, 1)
    outputs = {'out': tf.identity(out), 'sum': tf.reduce_sum(out, 1)}
    return {'out': outputs, 'serving_default': outputs}


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
            lambda image: model_fn_predict(receiver(image)),
            [tf.TensorSpec([None, 3], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='image')])
    def out(self, image):
        return self._predict(image)['out']

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='image')])
    def serving_default(self, image):
        return self._predict(image)['serving_default']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'out': module.out,
        'serving_default': module.serving_default,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    return tf.compat.v1.data.Dataset.from_tensors((tf.ones([2, 3]), tf.zeros([2, 1]))).repeat()


def receiver(image):
    return image / 255.


with tf.device('/cpu:0'):
    train(input_fn, 'ckpt', steps=3)
    export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt')))
