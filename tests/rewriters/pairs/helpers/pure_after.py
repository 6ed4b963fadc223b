"""A helper that only calls ops stays as it is; the signature method calls it."""
import tensorflow as tf


def normalize(x, mean=0.5):
    """To zero mean."""
    centered = x - mean
    return centered * 2.


class Serving(tf.Module):
    """Serves `normalize`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='image')])
    def serving_default(self, image):
        return {'output': normalize(image)}


def export(export_dir):
    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })


if __name__ == '__main__':
    export('export')
