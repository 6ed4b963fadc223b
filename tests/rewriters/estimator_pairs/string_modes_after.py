"""Modes as strings, early returns, no export_outputs, a parsing receiver in a variable, update ops, no main."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def cnn_model_fn_train(features, labels):
    """Model function for CNN."""
    # Input Layer
    input_layer = tf.reshape(features['image'], [-1, 8, 8, 1])

    # Convolutional Layer #1
    conv1 = tf.compat.v1.layers.conv2d(inputs=input_layer, filters=4, kernel_size=[3, 3], padding='same', activation=tf.nn.relu)
    bn1 = tf.compat.v1.layers.batch_normalization(conv1, training=True)
    pool1 = tf.compat.v1.layers.max_pooling2d(inputs=bn1, pool_size=[2, 2], strides=2)

    # Dense Layer
    flat = tf.reshape(pool1, [-1, 4 * 4 * 4])
    dense = tf.compat.v1.layers.dense(inputs=flat, units=16, activation=tf.nn.relu)
    dropout = tf.compat.v1.layers.dropout(inputs=dense, rate=0.4, training=True)

    # Logits Layer
    logits = tf.compat.v1.layers.dense(inputs=dropout, units=10)

    # Calculate Loss (for both TRAIN and EVAL modes)
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)

    # Configure the Training Op (for TRAIN mode)
    update_ops = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)
    optimizer = tf.compat.v1.train.GradientDescentOptimizer(learning_rate=0.01)
    with tf.control_dependencies(update_ops):
        train_op = optimizer.minimize(loss=loss, global_step=tf.compat.v1.train.get_global_step())
    return loss, train_op


def cnn_model_fn_predict(features):
    """Model function for CNN."""
    # Input Layer
    input_layer = tf.reshape(features['image'], [-1, 8, 8, 1])

    # Convolutional Layer #1
    conv1 = tf.compat.v1.layers.conv2d(inputs=input_layer, filters=4, kernel_size=[3, 3], padding='same', activation=tf.nn.relu)
    bn1 = tf.compat.v1.layers.batch_normalization(conv1, training=False)
    pool1 = tf.compat.v1.layers.max_pooling2d(inputs=bn1, pool_size=[2, 2], strides=2)

    # Dense Layer
    flat = tf.reshape(pool1, [-1, 4 * 4 * 4])
    dense = tf.compat.v1.layers.dense(inputs=flat, units=16, activation=tf.nn.relu)
    dropout = tf.compat.v1.layers.dropout(inputs=dense, rate=0.4, training=False)

    # Logits Layer
    logits = tf.compat.v1.layers.dense(inputs=dropout, units=10)

    predictions = {
        # Generate predictions (for PREDICT and EVAL mode)
        'classes': tf.argmax(input=logits, axis=1),
        # Add `softmax_tensor` to the graph. It is used for PREDICT.
        'probabilities': tf.nn.softmax(logits, name='softmax_tensor')
    }
    return {'serving_default': predictions}


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
        loss, train_op = cnn_model_fn_train(features, labels)
        hooks = [
            tf.compat.v1.train.StopAtStepHook(num_steps=steps),
            tf.compat.v1.train.NanTensorHook(loss),
        ]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


def parse_features(examples):
    return tf.io.parse_example(examples, feature_spec)


class Serving(tf.Module):
    """Serves `cnn_model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda examples: cnn_model_fn_predict(parse_features(examples)),
            [tf.TensorSpec([None], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='examples')])
    def serving_default(self, examples):
        return self._predict(examples)['serving_default']


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


def train_input():
    images = tf.random.uniform([6, 8, 8], seed=3)
    return {'image': images}, tf.constant([0, 1, 2, 3, 4, 5])


feature_spec = {'image': tf.io.FixedLenFeature([8, 8], tf.float32)}
train(train_input, 'ckpt', steps=25)
path = export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt')))
print('exported', path)
