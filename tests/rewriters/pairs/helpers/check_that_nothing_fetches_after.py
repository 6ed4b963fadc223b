"""TF1 never runs the check, since nothing fetches it; tf.function would. wrap_function leaves it out as TF1 does."""
import tensorflow as tf


def root(x):
    tf.debugging.assert_positive(x)
    return tf.sqrt(tf.abs(x))


class Serving(tf.Module):
    """Serves `root`."""

    def __init__(self):
        super().__init__()
        self._root = tf.compat.v1.wrap_function(
            lambda x: root(x),
            [tf.TensorSpec([None], tf.float32)],
        )
        self._variables = self._root.variables

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'root': self._root(x)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
