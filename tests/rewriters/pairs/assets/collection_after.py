"""A file in the ASSET_FILEPATHS collection travels with the model."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()
        self.vocabulary = tf.saved_model.Asset('vocabulary.txt')

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def increase(self, x):
        return {'y': x + 1.}


module = Serving()
tf.saved_model.save(module, 'export', signatures={'increase': module.increase})
