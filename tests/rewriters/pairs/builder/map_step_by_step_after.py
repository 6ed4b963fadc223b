"""A signature map and its dicts that get their entries one by one."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.float32, name='x'),
        tf.TensorSpec([], tf.float32, name='k'),
    ])
    def scale(self, x, k):
        return {'y': x * k}


module = Serving()
tf.saved_model.save(module, 'export', signatures={'scale': module.scale})
