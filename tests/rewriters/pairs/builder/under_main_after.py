"""Everything stands under `if __name__ == '__main__':`, a module-level constant goes into the graph."""
import tensorflow as tf

WEIGHTS = [[1., 2.], [3., 4.]]

if __name__ == '__main__':
    class Serving(tf.Module):
        """Serves `y`."""

        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
        def serving_default(self, x):
            weights = tf.constant(WEIGHTS)
            y = tf.matmul(x, weights)
            return {'y': y}

    module = Serving()
    tf.saved_model.save(module, 'export', signatures={
        'serving_default': module.serving_default,
    })
