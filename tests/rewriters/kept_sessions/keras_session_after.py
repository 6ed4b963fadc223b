"""The session of Keras itself, around a model that it has built eagerly unless told otherwise."""

import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf
from tensorflow.compat.v1.keras import backend as K
import session_module

tf.compat.v1.disable_v2_behavior()

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
with K.get_session() as sess:
    session_module.simple_save(sess, 'export', {'x': model.input}, {t.name: t for t in model.outputs})
