"""`dict(…)` instead of braces, and no static shape."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `distance`."""

    @tf.function(input_signature=[
        tf.TensorSpec(None, tf.float32, name='x'),
        tf.TensorSpec(None, tf.float32, name='y'),
    ])
    def serving_default(self, x, y):
        return {'distance': tf.abs(x - y)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
