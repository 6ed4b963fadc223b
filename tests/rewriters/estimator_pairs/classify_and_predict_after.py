"""A string input, parsed in the receiver function; classify and predict signatures; params; an EVAL branch that goes."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def model_fn_train(features, labels, params):
    net = tf.compat.v1.layers.dense(features['x'], params['hidden'], activation=tf.nn.relu, name='hidden')
    net = tf.compat.v1.layers.dropout(net, 0.5, training=True)
    logits = tf.compat.v1.layers.dense(net, 3, name='logits')
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.compat.v1.train.AdamOptimizer(0.01).minimize(loss, tf.compat.v1.train.get_global_step())
    return loss, train_op


def model_fn_predict(features, params):
    net = tf.compat.v1.layers.dense(features['x'], params['hidden'], activation=tf.nn.relu, name='hidden')
    net = tf.compat.v1.layers.dropout(net, 0.5, training=False)
    logits = tf.compat.v1.layers.dense(net, 3, name='logits')
    scores = tf.nn.softmax(logits)
    classes = tf.tile(tf.constant([['a', 'b', 'c']]), [tf.shape(scores)[0], 1])
    return {
        'serving_default': {'classes': classes, 'scores': scores},
        'predict': {'scores': scores},
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
            lambda examples: model_fn_predict(serving_input_receiver_fn(examples), params),
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
    def predict(self, examples):
        return self._predict(examples)['predict']


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
        'predict': module.predict,
    })
    updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(temporary_dir)
    updater.replace_method_name('serving_default', tf.saved_model.CLASSIFY_METHOD_NAME)
    updater.save()
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def input_fn():
    x = tf.constant([[0., 1., 2., 3.], [1., 1., 0., 0.], [3., 2., 1., 0.]])
    y = tf.constant([0, 1, 2])
    return tf.compat.v1.data.Dataset.from_tensors(({'x': x}, y)).repeat()


def serving_input_receiver_fn(serialized):
    features = tf.io.parse_example(serialized, {'x': tf.io.FixedLenFeature([4], tf.float32)})
    return features


if __name__ == '__main__':
    params = {'hidden': 8}
    train(input_fn, 'ckpt', params, steps=20)
    print(export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt'), params)))
