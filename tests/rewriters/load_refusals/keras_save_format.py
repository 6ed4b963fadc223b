# expect: LOAD905 `save_format` is an error
import tensorflow as tf


def save(model, path):
    model.save(path, save_format='tf')
    tf.keras.models.save_model(model, path, save_format='tf')
