"""Where tickets come from: tf.Examples from clients, and arrays for training."""
import numpy as np
import tensorflow as tf

SPEC = {'signals': tf.FixedLenFeature([4], tf.float32)}


def serving_input_receiver_fn():
    # Clients send serialized tf.Examples.
    examples = tf.placeholder(tf.string, shape=[None], name='examples')
    features = tf.parse_example(examples, SPEC)
    return tf.estimator.export.ServingInputReceiver(features, {'examples': examples})


def train_input_fn():
    generator = np.random.RandomState(7)
    signals = generator.rand(90, 4).astype(np.float32)
    labels = {'team': np.argmax(signals[:, :3], axis=1), 'hours': 10 * signals[:, 3]}
    return tf.data.Dataset.from_tensor_slices(({'signals': signals}, labels)).repeat().batch(30)
