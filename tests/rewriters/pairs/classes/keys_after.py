"""Signature keys that are no method names: a keyword, an attribute of tf.Module, one with a dash."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()
        self.w = tf.Variable(2., name='w')

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def signature_class(self, x):
        return {'y': x * self.w}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def signature_variables(self, x):
        return {'y': x + self.w}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def x_1(self, x):
        return {'y': x - self.w}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'class': module.signature_class,
    'variables': module.signature_variables,
    'x-1': module.x_1,
})
