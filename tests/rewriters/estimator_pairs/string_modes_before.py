"""Modes as strings, early returns, no export_outputs, a parsing receiver in a variable, update ops, no main."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import tensorflow as tf


def cnn_model_fn(features, labels, mode):
    """Model function for CNN."""
    # Input Layer
    input_layer = tf.reshape(features['image'], [-1, 8, 8, 1])

    # Convolutional Layer #1
    conv1 = tf.layers.conv2d(inputs=input_layer, filters=4, kernel_size=[3, 3], padding='same', activation=tf.nn.relu)
    bn1 = tf.layers.batch_normalization(conv1, training=(mode == 'train'))
    pool1 = tf.layers.max_pooling2d(inputs=bn1, pool_size=[2, 2], strides=2)

    # Dense Layer
    flat = tf.reshape(pool1, [-1, 4 * 4 * 4])
    dense = tf.layers.dense(inputs=flat, units=16, activation=tf.nn.relu)
    dropout = tf.layers.dropout(inputs=dense, rate=0.4, training=mode == 'train')

    # Logits Layer
    logits = tf.layers.dense(inputs=dropout, units=10)

    predictions = {
        # Generate predictions (for PREDICT and EVAL mode)
        'classes': tf.argmax(input=logits, axis=1),
        # Add `softmax_tensor` to the graph. It is used for PREDICT.
        'probabilities': tf.nn.softmax(logits, name='softmax_tensor')
    }
    if mode == 'infer':
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions)

    # Calculate Loss (for both TRAIN and EVAL modes)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)

    # Configure the Training Op (for TRAIN mode)
    if mode == 'train':
        update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.01)
        with tf.control_dependencies(update_ops):
            train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)

    # Add evaluation metrics (for EVAL mode)
    eval_metric_ops = {'accuracy': tf.metrics.accuracy(labels=labels, predictions=predictions['classes'])}
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=eval_metric_ops)


def train_input():
    images = tf.random_uniform([6, 8, 8], seed=3)
    return {'image': images}, tf.constant([0, 1, 2, 3, 4, 5])


feature_spec = {'image': tf.FixedLenFeature([8, 8], tf.float32)}
classifier = tf.estimator.Estimator(model_fn=cnn_model_fn, model_dir='ckpt')
classifier.train(train_input, steps=25)
serving_fn = tf.estimator.export.build_parsing_serving_input_receiver_fn(feature_spec)
path = classifier.export_saved_model('export', serving_fn)
print('exported', path)
