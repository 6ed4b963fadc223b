"""Runs of a served output become calls of the module, and give what they gave."""
import numpy as np
import tensorflow as tf

samples = np.arange(3)


class Serving(tf.Module):
    """Serves `doubled`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'doubled': x * 2}


module = Serving()

result = module.serving_default(tf.constant(samples, tf.float32))['doubled'].numpy()
assert result.tolist() == [0., 2., 4.], result
print('sum:', module.serving_default(tf.constant([1, 2.5], tf.float32))['doubled'].numpy().sum())

tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
print('after:', module.serving_default(tf.constant([7], tf.float32))['doubled'].numpy())
