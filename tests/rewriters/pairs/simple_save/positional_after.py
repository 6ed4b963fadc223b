"""simple_save with positional arguments and dicts of its own."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `norm`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
    def serving_default(self, x):
        return {'norm': tf.norm(x, axis=1)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
