"""A file that is copied into the export directory before `save()`, and a graph that is built in a scope."""

import shutil

import tensorflow as tf

tf.io.gfile.makedirs('export')
shutil.copy('vocabulary.txt', 'export/words.txt')


class Serving(tf.Module):
    """Serves `y`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
            with tf.name_scope('twice'):
                y = tf.multiply(x, 2., name='y')
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
