"""A session that is opened and closed by hand, in the default graph."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name='x')])
    def square(self, x):
        return {'y': tf.square(x)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={'square': module.square})
print('exported')
