"""Two calls that make variables: in one graph function, their names stay as they were."""

import tensorflow as tf


def scaled(x, factor):
    with tf.compat.v1.variable_scope(None, default_name='scaled'):
        return x * tf.compat.v1.get_variable('factor', [], initializer=tf.compat.v1.constant_initializer(factor))


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
            y = scaled(scaled(x, 2.), 3.)
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
