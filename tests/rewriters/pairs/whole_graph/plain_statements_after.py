"""What stands between the statements of a graph goes with them where it holds tensors, and stays where it does not."""

import tensorflow as tf

rates = []
for rate in ['2', '3']:
    rates.append(float(rate))
print('rates are read')


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = image = tf.compat.v1.placeholder(tf.float32, [None], name='x')
            h = image * rates[0]; print('graph is built')
            scaled = [h, h + 1.]
            scaled.append(x * rates[1])
            y = tf.stack(scaled, axis=1)
            loss = tf.reduce_mean(y)  # nobody serves it
            return {'x': x, 'y': y}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['x']], {'y': tensors['y']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
