"""One spec at the end for every mode, `if`/`elif` on the mode, one export output that is not the default one."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf

LABELS = 3


def network(features, is_training):
    """Two hidden layers."""
    net = tf.concat([features['petal'], features['sepal']], axis=1)
    net = tf.compat.v1.layers.dense(net, 8, activation=tf.nn.relu)
    net = tf.compat.v1.layers.dropout(net, rate=0.3, training=is_training)
    net = tf.compat.v1.layers.dense(net, 8, activation=tf.nn.relu)
    return tf.compat.v1.layers.dense(net, LABELS, name='logits')


def my_model_train(features, labels, params):
    """The model of the course.

    Three classes.
    """
    is_training = True
    logits = network(features, is_training)
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    optimizer = tf.compat.v1.train.AdagradOptimizer(learning_rate=params['learning_rate'])
    train_op = optimizer.minimize(loss, global_step=tf.compat.v1.train.get_global_step())
    return loss, train_op


def my_model_predict(features):
    """The model of the course.

    Three classes.
    """
    is_training = False
    logits = network(features, is_training)
    # What a client gets.
    predictions = {
        'class_ids': tf.argmax(logits, 1),
        'probabilities': tf.nn.softmax(logits),  # sums to one
        'logits': logits,
    }
    return {'classify_iris': predictions, 'serving_default': predictions}


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
        loss, train_op = my_model_train(features, labels, params)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


class Serving(tf.Module):
    """Serves `my_model` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda petal, sepal: my_model_predict(serving_input_receiver_fn(petal, sepal)),
            [tf.TensorSpec([None, 2], tf.float32), tf.TensorSpec([None, 1], tf.float32)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[
        tf.TensorSpec([None, 2], tf.float32, name='petal'),
        tf.TensorSpec([None, 1], tf.float32, name='sepal'),
    ])
    def classify_iris(self, petal, sepal):
        return self._predict(petal, sepal)['classify_iris']

    @tf.function(input_signature=[
        tf.TensorSpec([None, 2], tf.float32, name='petal'),
        tf.TensorSpec([None, 1], tf.float32, name='sepal'),
    ])
    def serving_default(self, petal, sepal):
        return self._predict(petal, sepal)['serving_default']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'classify_iris': module.classify_iris,
        'serving_default': module.serving_default,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def train_input_fn(batch=4):
    features = {'petal': [[1., 2.], [3., 4.], [5., 6.], [7., 8.]], 'sepal': [[1.], [2.], [3.], [4.]]}
    dataset = tf.compat.v1.data.Dataset.from_tensor_slices((features, [0, 1, 2, 1]))
    return dataset.shuffle(10).repeat().batch(batch)


def serving_input_receiver_fn(petal, sepal):
    # The client sends both parts.
    inputs = {
        'petal': petal,
        'sepal': sepal,
    }
    return inputs


def main(argv):
    params = {'learning_rate': 0.1}
    # Train the model.
    train(lambda: train_input_fn(4), 'ckpt', params, steps=30)
    export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt')))


if __name__ == '__main__':
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.INFO)
    tf.compat.v1.app.run(main)
