"""One signature takes tf.Examples, another the parsed feature: there the feature is fed, not parsed."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `total`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='examples')])
    def serving_default(self, serialized):
        features = tf.io.parse_example(serialized, {'x': tf.io.FixedLenFeature([2], tf.float32)})
        total = tf.reduce_sum(features['x'], axis=1)
        return {'total': total}

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
    def raw(self, x):
        return {'total': tf.reduce_sum(x, axis=1)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
    'raw': module.raw,
})
