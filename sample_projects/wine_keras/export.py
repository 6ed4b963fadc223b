"""Exports the Keras model that grades wines, from the session that Keras keeps.

    python export.py

reads the trained `wine.h5` and writes `wine-model/1/`.
"""
import os

import tensorflow as tf
from tensorflow.keras import backend as K


def export(model_file, export_dir, version=1):
    # Dropout and batch normalisation are to do what they do when a model serves.
    K.set_learning_phase(0)
    model = tf.keras.models.load_model(model_file, compile=False)
    model.summary()

    builder = tf.saved_model.builder.SavedModelBuilder(os.path.join(export_dir, str(version)))
    signature = tf.saved_model.signature_def_utils.predict_signature_def(
        inputs={'wine': model.input}, outputs={'grade': model.output})
    builder.add_meta_graph_and_variables(
        sess=K.get_session(), tags=[tf.saved_model.tag_constants.SERVING],
        signature_def_map={'serving_default': signature})
    builder.save()


if __name__ == '__main__':
    export('wine.h5', 'wine-model')
