"""The signature, the map of signatures and the tags are bound to names first."""
import tensorflow as tf

EXPORT_DIR = 'export'

tags = [tf.saved_model.SERVING]


class Serving(tf.Module):
    """Serves `sum`."""

    @tf.function(input_signature=[
        tf.TensorSpec([None, 2], tf.float32, name='a'),
        tf.TensorSpec([None, 2], tf.float32, name='b'),
    ])
    def add(self, a, b):
        return {'sum': tf.add(a, b)}


module = Serving()
tf.saved_model.save(module, EXPORT_DIR, signatures={'add': module.add})
