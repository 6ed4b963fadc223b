"""TensorFlow is imported where the program starts: a class at the top would not know it."""

import sys


def export(folder):
    class Serving(tf.Module):
        """Serves `y`."""

        @tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name='x')])
        def serving_default(self, x):
            return {'y': x * 7}

    module = Serving()
    tf.saved_model.save(module, folder, signatures={'serving_default': module.serving_default})


if __name__ == '__main__':
    if len(sys.argv) < 5:
        import tensorflow as tf
    export('export')
