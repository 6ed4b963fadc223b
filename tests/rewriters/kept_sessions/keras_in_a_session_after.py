"""A Keras model in a session, which Keras 3 knows nothing of."""

import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf
import session_module

tf.compat.v1.disable_v2_behavior()

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
sess = tf.compat.v1.Session()
sess.run(tf.compat.v1.global_variables_initializer())
session_module.simple_save(sess, 'export', {'x': model.input}, {t.name: t for t in model.outputs})
