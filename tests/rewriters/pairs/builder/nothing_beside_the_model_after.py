"""Nothing between the builder and `save()` uses the folder: log lines, a file that is read, what is run."""

import logging
import os
import time

import tensorflow as tf

logger = logging.getLogger(__name__)


def banner(text):
    print('=' * 8, text.upper())


started = time.time()
with open('vocabulary.txt') as file:
    words = file.read().split()
banner('exporting')
logger.info('to %s', os.path.abspath('export'))


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': tf.subtract(x, 1., name='y')}


module = Serving()
print(module.serving_default(tf.constant([2.], tf.float32))['y'].numpy(), len(words))
tf.compat.v1.logging.info('export took %.1f s', time.time() - started)
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
