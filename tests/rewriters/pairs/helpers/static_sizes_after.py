# Sizes of static shapes are ints in TensorFlow 2, or None, and Dimensions in TensorFlow 1.
import tensorflow as tf


def flatten(x):
    known = [tf.compat.dimension_value(size) for size in x.get_shape()]
    rows, *_ = x.shape
    flat = tf.reshape(x, [-1, tf.compat.dimension_value(x.get_shape()[1]) * tf.compat.dimension_value(x.get_shape()[2])])
    return flat if tf.compat.dimension_value(rows) is None else flat * float(known[0])


class Serving(tf.Module):
    """Serves `flatten`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 2, 3], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': flatten(x)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
