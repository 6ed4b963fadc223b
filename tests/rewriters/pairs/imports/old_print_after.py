"""Code that was written for Python 2 and 3."""
from __future__ import print_function

import sys

import tensorflow as tf

FLAGS = tf.compat.v1.app.flags.FLAGS
tf.compat.v1.app.flags.DEFINE_integer('size', 2, 'Numbers in each vector.')


def main(_):
    class Serving(tf.Module):
        """Serves `y`."""

        @tf.function(input_signature=[tf.TensorSpec([None, FLAGS.size], tf.float32, name='x')])
        def serving_default(self, x):
            return {'y': tf.reduce_max(x, axis=1)}

    module = Serving()
    tf.saved_model.save(module, 'export', signatures={
        'serving_default': module.serving_default,
    })
    print('exported', file=sys.stderr)


if __name__ == '__main__':
    tf.compat.v1.app.run()
