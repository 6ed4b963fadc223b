"""Clients know the inputs by other names than the source, and one of them by a name that another has here."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `difference`."""

    @tf.function(input_signature=[
        tf.TensorSpec([], tf.float32, name='b'),
        tf.TensorSpec([], tf.float32, name='c'),
    ])
    def serving_default(self, a, b):
        return {'difference': a - b}


module = Serving()
print('3 - 1 =', module.serving_default(tf.constant(3, tf.float32), tf.constant(1.))['difference'].numpy())
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
