"""TensorFlow 1 numbers a variable's name that something before has, in whatever case: the same names are read."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `y` with the variables of `'checkpoint/names'`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None], name='W')
            first = tf.Variable(0., name='w')  # w_1
            second = tf.Variable(0., name='w')  # w_2
            third = tf.Variable(0.)
            y = (x * first + second) * third
            return {'x': x, 'y': y}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        self._variables = graph.variables
        values = tf.train.load_checkpoint('checkpoint/names')
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
