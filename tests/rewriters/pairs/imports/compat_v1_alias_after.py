"""TF1's API under a name of its own besides `tf`: new code is written with `tf`."""
import tensorflow as tf
import tensorflow.compat.v1 as tf1


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': tf.math.exp(x)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
