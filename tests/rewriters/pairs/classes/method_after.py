"""An export in a method that uses nothing of its object: the class stands before the object's class."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': tf.floor(x)}


class Exporter(object):
    """Writes the model."""

    def __init__(self, folder):
        self.folder = folder

    def export(self):
        module = Serving()
        tf.saved_model.save(module, self.folder, signatures={
            'serving_default': module.serving_default,
        })


if __name__ == '__main__':
    Exporter('export').export()
