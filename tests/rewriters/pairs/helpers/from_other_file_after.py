"""What stands in another file may create variables: it is wrapped."""
import tensorflow as tf

import networks


def export(checkpoint, export_dir):
    class Serving(tf.Module):
        """Serves `logits`, `probabilities` with the variables of `checkpoint`."""

        def __init__(self):
            super().__init__()
            self._classifier = tf.compat.v1.wrap_function(
                lambda x: networks.classifier(x, is_training=False),
                [tf.TensorSpec([None, 8], tf.float32)],
            )
            self._variables = self._classifier.variables
            values = tf.train.load_checkpoint(checkpoint)
            for variable in self.variables:
                variable.assign(values.get_tensor(variable.name.split(':')[0]))

        @tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32, name='x')])
        def serving_default(self, x):
            logits, probabilities = self._classifier(x)
            return {'logits': logits, 'probabilities': probabilities}

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })
