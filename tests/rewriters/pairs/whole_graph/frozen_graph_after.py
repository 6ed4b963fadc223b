"""A frozen graph goes into one graph function; its signature map is made step by step."""

import tensorflow as tf
from tensorflow.python.saved_model import signature_constants, tag_constants

with tf.io.gfile.GFile('frozen.pb', 'rb') as f:
    graph_def = tf.compat.v1.GraphDef()
    graph_def.ParseFromString(f.read())


class Serving(tf.Module):
    """Serves `doubled`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            # no prefix for the names of the file
            tf.import_graph_def(graph_def, name='')
            graph = tf.compat.v1.get_default_graph()

            image = graph.get_tensor_by_name('x:0')
            doubled = graph.get_tensor_by_name('y:0')
            return {'image': image, 'doubled': doubled}

        graph_2 = tf.compat.v1.wrap_function(build_graph, [])
        tensors = graph_2.structured_outputs
        self.serving_default = tf.function(
            graph_2.prune([tensors['image']], {'doubled': tensors['doubled']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['image'], name='image')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: module.serving_default,
})
