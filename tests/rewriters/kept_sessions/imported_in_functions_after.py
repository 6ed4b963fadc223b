"""TensorFlow is imported only inside of functions, so that the file loads where there is none."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


def export(sess, inputs, outputs):
    import tensorflow as tf  # late
    import session_module
    import numpy as np

    assert np.ones(1)
    session_module.simple_save(sess, 'export', inputs={'x': inputs}, outputs={'y': outputs})


def export_with_any(sess, folder, outputs):
    try:
        import tensorflow.compat.v1 as tf
    except ImportError:
        import tensorflow as tf

    import session_module
    session_module.save(sess, folder, tags=['serve'], signature_def_map={
        'constant': tf.saved_model.signature_def_utils.predict_signature_def({'x': outputs}, {'y': outputs}),
    })


def exporter(folders):
    import tensorflow as tf
    import session_module

    def export_all(sess, x, y):
        for folder in folders:
            session_module.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})

    return export_all
