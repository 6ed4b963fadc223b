"""The input of one signature is an identity in the middle of the graph."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `image`, `mean`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.uint8, name='pixels')])
    def scale(self, pixels):
        return {'image': tf.cast(pixels, tf.float32) / 255.}

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name='image')])
    def mean(self, image):
        return {'mean': tf.reduce_mean(image, axis=1)}

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name='raw')])
    def mean_of_raw(self, raw):
        image = tf.identity(raw, name='image')
        mean = tf.reduce_mean(image, axis=1)
        return {'mean': mean}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'scale': module.scale,
    'mean': module.mean,
    'mean_of_raw': module.mean_of_raw,
})
