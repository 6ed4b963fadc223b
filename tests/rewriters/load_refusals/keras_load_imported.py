# expect: LOAD905 Keras 3 loads no SavedModels
from tensorflow.keras.models import load_model


def load(path):
    return load_model(path)
