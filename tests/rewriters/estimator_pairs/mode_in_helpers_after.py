"""The mode is handed to functions of the file; training and export each under an `if`; the directory is a flag."""
import time
import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf

FLAGS = tf.compat.v1.app.flags.FLAGS
tf.compat.v1.app.flags.DEFINE_string('model_dir', 'ckpt', 'Where the checkpoints are.')
tf.compat.v1.app.flags.DEFINE_integer('steps', 8, 'How long to train; 0 for not at all.')


def block(net, mode):
    net = tf.compat.v1.layers.dense(net, 4)
    # Only while training.
    if mode == 'train':
        net = tf.compat.v1.layers.dropout(net, 0.5, training=True)
    return net


def tower(features, labels, mode):
    return block(block(features['a'], mode=mode), mode)


def model_fn_train(features, labels):
    net = tower(features, labels, 'train')
    out = tf.compat.v1.layers.dense(net, 1)
    loss = tf.compat.v1.losses.mean_squared_error(labels, out)
    train_op = tf.compat.v1.train.AdamOptimizer().minimize(loss, tf.compat.v1.train.get_global_step())
    return loss, train_op


def model_fn_predict(features):
    net = tower(features, None, 'infer')
    out = tf.compat.v1.layers.dense(net, 1)
    return {'serving_default': {'out': out}}


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
            lambda a: model_fn_predict(serving_fn(a)),
            [tf.TensorSpec([None, 2], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='a')])
    def serving_default(self, a):
        return self._predict(a)['serving_default']


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
    return tf.compat.v1.data.Dataset.from_tensors(({'a': [[1., 2.]]}, [[1.]])).repeat()


def serving_fn(a):
    features = {'a': a}
    return features


def main(_):
    start = time.time()
    if FLAGS.steps > 0:
        train(input_fn, FLAGS.model_dir, steps=FLAGS.steps)
    if FLAGS.model_dir:
        export_saved_model('export', Serving(tf.train.latest_checkpoint(FLAGS.model_dir)))
    print(time.time() - start)


if __name__ == '__main__':
    tf.compat.v1.app.run()
