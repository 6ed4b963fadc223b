"""Tensors that are built in scopes, loops and branches: the statements run once, as in TensorFlow 1."""

import tensorflow as tf


def export(powers, negate, export_dir):
    class Serving(tf.Module):
        """Serves `y`."""

        def __init__(self):
            super().__init__()

            def build_graph():
                x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
                parts = []
                with tf.name_scope('powers'):
                    part = x
                    for _ in range(powers):
                        part = part * x  # x², x³ …
                        parts.append(part)
                y = tf.stack(parts, axis=1)
                if negate:
                    y = -y
                return {'x': x, 'y': y}

            graph = tf.compat.v1.wrap_function(build_graph, [])
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
    export(powers=2, negate=True, export_dir='export')
