"""Images decoded in the receiver, batch normalisation, moving averages that are served, a feature that is passed on."""
import tensorflow as tf


def conv_block(x, filters, is_training, name):
    with tf.variable_scope(name):
        x = tf.layers.conv2d(x, filters, 3, padding='same', use_bias=False)
        x = tf.layers.batch_normalization(x, training=is_training, momentum=0.9)
        return tf.nn.relu(x)


def model_fn(features, labels, mode, params):
    is_training = (mode == tf.estimator.ModeKeys.TRAIN)
    images = features['image']
    net = images
    for i, filters in enumerate(params['filters']):
        net = conv_block(net, filters, is_training, 'block%d' % i)
    net = tf.layers.flatten(net)
    w = tf.get_variable('w', initializer=tf.random_normal([net.shape.as_list()[-1], 2], stddev=0.1))
    logits = tf.matmul(net, w)
    ema = tf.train.ExponentialMovingAverage(0.9)
    ema_op = ema.apply([w])
    smooth = tf.matmul(net, ema.average(w))

    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = {
            'probabilities': tf.nn.softmax(logits),
            'smooth': tf.nn.softmax(smooth),
            'label': tf.cast(tf.argmax(logits, 1), tf.int32),
            'key': features['key'],
        }
        return tf.estimator.EstimatorSpec(
            mode=mode, predictions=predictions,
            export_outputs={'serving_default': tf.estimator.export.PredictOutput(predictions)})

    onehot = tf.one_hot(labels, 2)
    loss = tf.losses.softmax_cross_entropy(onehot, logits)
    loss += 1e-3 * tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()])
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops + [ema_op]):
        train_op = tf.train.RMSPropOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    if mode == tf.estimator.ModeKeys.TRAIN:
        logging_hook = tf.train.LoggingTensorHook({'loss': loss}, every_n_iter=10)
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss)


def input_fn():
    image = tf.random_uniform([4, 8, 8, 3], seed=1)
    return {'image': image, 'key': tf.constant(['a', 'b', 'c', 'd'])}, tf.constant([0, 1, 0, 1])


def decode(encoded):
    image = tf.image.decode_jpeg(encoded, channels=3)
    image = tf.image.resize_images(image, [8, 8])
    image.set_shape([8, 8, 3])
    return image / 255.


def serving_input_fn():
    key = tf.placeholder(tf.string, shape=[None])
    image_bytes = tf.placeholder(tf.string, shape=[None], name='image_bytes')
    images = tf.map_fn(decode, image_bytes, dtype=tf.float32)
    return tf.estimator.export.ServingInputReceiver(
        {'image': images, 'key': key}, {'image_bytes': image_bytes, 'key': key})


estimator = tf.estimator.Estimator(model_fn=model_fn, model_dir='ckpt', params={'filters': [4, 6]})
estimator.train(input_fn, steps=7)
estimator.export_savedmodel('export', serving_input_fn)
