"""Layers, whose names count up as in TensorFlow 1; they need Keras 2."""

import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None, 2], name='x')
            hidden = tf.compat.v1.layers.dense(x, 3, kernel_initializer=tf.compat.v1.ones_initializer(), activation=tf.nn.relu)
            y = tf.compat.v1.layers.dense(hidden, 1, kernel_initializer=tf.compat.v1.ones_initializer())
            return {'x': x, 'y': y}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        self._variables = graph.variables
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['x']], {'y': tensors['y']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
