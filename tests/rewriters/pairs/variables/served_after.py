"""An output that is a variable; its signature has the variable's name, so the attribute gets another."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`, `rate`."""

    def __init__(self):
        super().__init__()
        self.rate_2 = tf.Variable(0.25, name='rate')

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def rate(self, x):
        y = x * self.rate_2
        return {'y': y, 'rate': self.rate_2}


module = Serving()
tf.saved_model.save(module, 'export', signatures={'rate': module.rate})
