"""A Builder export with its signature map written into the call."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `fahrenheit`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='celsius')])
    def serving_default(self, celsius):
        return {'fahrenheit': celsius * 1.8 + 32.}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: module.serving_default,
})
