"""Images decoded in the receiver, batch normalisation, moving averages that are served, a feature that is passed on."""

import os
import time

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


def conv_block(x, filters, is_training, name):
    with tf.compat.v1.variable_scope(name):
        x = tf.compat.v1.layers.conv2d(x, filters, 3, padding='same', use_bias=False)
        x = tf.compat.v1.layers.batch_normalization(x, training=is_training, momentum=0.9)
        return tf.nn.relu(x)


def model_fn_train(features, labels, params):
    is_training = True
    images = features['image']
    net = images
    for i, filters in enumerate(params['filters']):
        net = conv_block(net, filters, is_training, 'block%d' % i)
    net = tf.compat.v1.layers.flatten(net)
    w = tf.compat.v1.get_variable('w', initializer=lambda: tf.random.normal([net.shape.as_list()[-1], 2], stddev=0.1))
    logits = tf.matmul(net, w)
    ema = tf.train.ExponentialMovingAverage(0.9)
    ema_op = ema.apply([w])
    smooth = tf.matmul(net, ema.average(w))

    onehot = tf.one_hot(labels, 2)
    loss = tf.compat.v1.losses.softmax_cross_entropy(onehot, logits)
    loss += 1e-3 * tf.add_n([tf.nn.l2_loss(v) for v in tf.compat.v1.trainable_variables()])
    update_ops = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops + [ema_op]):
        train_op = tf.compat.v1.train.RMSPropOptimizer(0.01).minimize(loss, tf.compat.v1.train.get_global_step())
    logging_hook = tf.compat.v1.train.LoggingTensorHook({'loss': loss}, every_n_iter=10)
    return loss, train_op


def model_fn_predict(features, params):
    is_training = False
    images = features['image']
    net = images
    for i, filters in enumerate(params['filters']):
        net = conv_block(net, filters, is_training, 'block%d' % i)
    net = tf.compat.v1.layers.flatten(net)
    w = tf.compat.v1.get_variable('w', initializer=lambda: tf.random.normal([net.shape.as_list()[-1], 2], stddev=0.1))
    logits = tf.matmul(net, w)
    ema = tf.train.ExponentialMovingAverage(0.9)
    ema_op = ema.apply([w])
    smooth = tf.matmul(net, ema.average(w))

    predictions = {
        'probabilities': tf.nn.softmax(logits),
        'smooth': tf.nn.softmax(smooth),
        'label': tf.cast(tf.argmax(logits, 1), tf.int32),
        'key': features['key'],
    }
    return {'serving_default': predictions}


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
            lambda image_bytes, key: model_fn_predict(serving_input_fn(image_bytes, key), params),
            [tf.TensorSpec([None], tf.string), tf.TensorSpec([None], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.string, name='image_bytes'),
        tf.TensorSpec([None], tf.string, name='key'),
    ])
    def serving_default(self, image_bytes, key):
        return self._predict(image_bytes, key)['serving_default']


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
    image = tf.random.uniform([4, 8, 8, 3], seed=1)
    return {'image': image, 'key': tf.constant(['a', 'b', 'c', 'd'])}, tf.constant([0, 1, 0, 1])


def decode(encoded):
    image = tf.image.decode_jpeg(encoded, channels=3)
    image = tf.compat.v1.image.resize_images(image, [8, 8])
    image.set_shape([8, 8, 3])
    return image / 255.


def serving_input_fn(image_bytes, key):
    images = tf.map_fn(decode, image_bytes, dtype=tf.float32)
    return {'image': images, 'key': key}


params = {'filters': [4, 6]}
train(input_fn, 'ckpt', params, steps=7)
export_saved_model('export', Serving(tf.train.latest_checkpoint('ckpt'), params))
