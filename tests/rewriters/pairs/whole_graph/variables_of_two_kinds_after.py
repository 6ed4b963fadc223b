"""Variables of this file and of another's function, restored together, and one handed to the other."""

import networks
import tensorflow as tf


class Serving(tf.Module):
    """Serves `y` with the variables of `'checkpoint/model'`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None])
            b = tf.Variable(0., name='b')
            y = networks.layer(x, b) + b
            return {'x': x, 'y': y}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        self._variables = graph.variables
        values = tf.train.load_checkpoint('checkpoint/model')
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['x']], {'y': tensors['y']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
