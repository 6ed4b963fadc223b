"""A helper compares its options, which are no tensors."""

import tensorflow as tf


def dense(value, units, activation=None, layer_type='plain'):
    if value.dtype != tf.float32 or value.get_shape().ndims == 3:
        value = tf.cast(value, tf.float32)
    scales = {'plain': 1., 'double': 2.}
    out = tf.reshape(value, [-1, units]) * scales[layer_type]
    if activation == 'relu' or layer_type in ('double', 'triple'):
        out = tf.nn.relu(out)
    return out if activation != None else tf.identity(out)


class Serving(tf.Module):
    """Serves `dense`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
    def serving_default(self, x):
        features = {'x': x}
        y = dense(features['x'], 2, activation='relu')
        z = dense(y, 2, layer_type='double')
        return {'y': y, 'z': z}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
