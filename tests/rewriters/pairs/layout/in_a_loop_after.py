"""One export for each version, each closing over the loop's variable as it is then."""
import tensorflow as tf

for version in (1, 2):
    class Serving(tf.Module):
        """Serves `y`."""

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
        def serving_default(self, x):
            return {'y': x * version}

    module = Serving()
    tf.saved_model.save(module, 'export/%d' % version, signatures={
        'serving_default': module.serving_default,
    })
