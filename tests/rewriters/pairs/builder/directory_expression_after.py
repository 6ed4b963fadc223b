"""The folder is named when the builder is made, and stays that, whatever happens to the names it is made from."""
import os

import tensorflow as tf

version = 1
export_dir = os.path.join('export', str(version))
version += 1


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def negate(self, x):
        return {'y': tf.negative(x)}


module = Serving()
tf.saved_model.save(module, export_dir, signatures={'negate': module.negate})
print('next version:', version)
