"""Expressions over several lines, with a backslash, and a triple-quoted string."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `weighted`, `note`."""

    @tf.function(input_signature=[
        tf.TensorSpec([None, 2], tf.float32, name='first'),
        tf.TensorSpec((None, 2), tf.float32, name='second'),
    ])
    def serving_default(self, first, second):
        weighted = first * 0.25 \
        + second * 0.75
        note = tf.constant("""two
  lines""")
        return {'weighted': weighted, 'note': note}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
