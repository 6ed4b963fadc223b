"""A placeholder with a default value: what is not fed has it, and a signature may feed it."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
            rate = tf.compat.v1.placeholder_with_default(0.5, [], name='rate')
            y = x * rate
            return {'x': x, 'y': y, 'rate': rate}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['x']], {'y': tensors['y']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
        )
        self.rated = tf.function(
            graph.prune([tensors['x'], tensors['rate']], {'y': tensors['y']}),
            input_signature=[
                tf.TensorSpec.from_tensor(tensors['x'], name='x'),
                tf.TensorSpec.from_tensor(tensors['rate'], name='rate'),
            ],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
    'rated': module.rated,
})
