"""Tensors that are looked up by name in a graph that starts anew in the same function."""

import tensorflow as tf


def export(folder, factor):
    class Serving(tf.Module):
        """Serves `y`."""

        def __init__(self):
            super().__init__()

            def build_graph():
                tf.compat.v1.placeholder(tf.float32, [None], 'x')
                x = tf.compat.v1.get_default_graph().get_tensor_by_name('x:0')
                tf.identity(x * factor, 'y')
                y = tf.compat.v1.get_default_graph().get_tensor_by_name('y:0')
                return {'x': x, 'y': y}

            graph = tf.compat.v1.wrap_function(build_graph, [])
            tensors = graph.structured_outputs
            self.serving_default = tf.function(
                graph.prune([tensors['x']], {'y': tensors['y']}),
                input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
            )

    module = Serving()
    tf.saved_model.save(module, folder, signatures={'serving_default': module.serving_default})


export('export', 3.)
