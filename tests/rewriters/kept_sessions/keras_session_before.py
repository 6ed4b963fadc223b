"""The session of Keras itself, around a model that it has built eagerly unless told otherwise."""
import tensorflow as tf
from tensorflow.keras import backend as K

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
with K.get_session() as sess:
    tf.saved_model.simple_save(sess, 'export', {'x': model.input}, {t.name: t for t in model.outputs})
