# expect: LOAD905 exports a Keras model in a way that is gone
# expect: LOAD905 loads a Keras model in a way that is gone
import tensorflow as tf


def copy(model, path):
    tf.keras.experimental.export_saved_model(model, path)
    return tf.keras.experimental.load_from_saved_model(path)
