"""Variables of `get_variable` in scopes: they are made with the same names, and filled from the checkpoint."""

import tensorflow as tf


def export(checkpoint, export_dir):
    class Serving(tf.Module):
        """Serves `y` with the variables of `checkpoint`."""

        def __init__(self):
            super().__init__()

            def build_graph():
                x = tf.compat.v1.placeholder(tf.float32, [None, 2], name='x')
                with tf.compat.v1.variable_scope('layer'):
                    w = tf.compat.v1.get_variable('w', [2, 3])
                    b = tf.compat.v1.get_variable('b', [3], initializer=tf.compat.v1.zeros_initializer())
                    hidden = tf.nn.relu(tf.matmul(x, w) + b)
                y = tf.reduce_sum(hidden, axis=1)
                return {'x': x, 'y': y}

            graph = tf.compat.v1.wrap_function(build_graph, [])
            self._variables = graph.variables
            values = tf.train.load_checkpoint(checkpoint)
            for variable in self.variables:
                variable.assign(values.get_tensor(variable.name.split(':')[0]))
            tensors = graph.structured_outputs
            self.serving_default = tf.function(
                graph.prune([tensors['x']], {'y': tensors['y']}),
                input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
            )

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })


if __name__ == '__main__':
    export('checkpoint/helper', 'export')
