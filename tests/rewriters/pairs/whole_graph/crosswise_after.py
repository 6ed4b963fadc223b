"""Names of inputs that are the names of other inputs in the source."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `difference`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            a = tf.compat.v1.placeholder(tf.float32, [None])
            b = tf.compat.v1.placeholder(tf.float32, [None])
            difference = a - b
            return {'a': a, 'b': b, 'difference': difference}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['a'], tensors['b']], {'difference': tensors['difference']}),
            input_signature=[
                tf.TensorSpec.from_tensor(tensors['a'], name='b'),
                tf.TensorSpec.from_tensor(tensors['b'], name='a'),
            ],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
