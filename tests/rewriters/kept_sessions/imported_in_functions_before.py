"""TensorFlow is imported only inside of functions, so that the file loads where there is none."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


def export(sess, inputs, outputs):
    import tensorflow as tf  # late
    import numpy as np

    assert np.ones(1)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': inputs}, outputs={'y': outputs})


def export_with_any(sess, folder, outputs):
    try:
        import tensorflow.compat.v1 as tf
    except ImportError:
        import tensorflow as tf

    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={
        'constant': tf.saved_model.signature_def_utils.predict_signature_def({'x': outputs}, {'y': outputs}),
    })
    builder.save()


def exporter(folders):
    import tensorflow as tf

    def export_all(sess, x, y):
        for folder in folders:
            tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})

    return export_all
