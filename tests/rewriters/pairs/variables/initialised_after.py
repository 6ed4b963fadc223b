"""Variables that the session only initialises; one is made from a tensor, one is not used."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()
        identity = tf.eye(2)
        self.kernel = tf.Variable(identity * 3., name='kernel')
        self.bias = tf.Variable(tf.zeros([2]) + 0.5, name='bias')

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': tf.matmul(x, self.kernel) + self.bias}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
