"""A lambda and a comprehension with a name that is also a variable's: theirs is another."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()
        self.w = tf.Variable(2., name='w')

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        mapped = tf.map_fn(lambda w: w * 10., x)
        y = tf.add_n([w for w in (x, mapped)]) + self.w
        return {'y': y}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
