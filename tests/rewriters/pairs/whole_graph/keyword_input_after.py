"""A frozen graph whose input is called by a word of Python."""

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2


def rename_inputs(export_dir, signature_key, names):
    """Gives inputs of an exported signature the names that its clients know, which no Python argument can have."""
    path = tf.io.gfile.join(tf.compat.as_str_any(export_dir), 'saved_model.pb')
    saved_model = saved_model_pb2.SavedModel()
    with tf.io.gfile.GFile(path, 'rb') as file:
        saved_model.ParseFromString(file.read())
    inputs = saved_model.meta_graphs[0].signature_def[signature_key].inputs
    for argument, name in names.items():
        inputs[name].CopyFrom(inputs[argument])
        del inputs[argument]
    with tf.io.gfile.GFile(path + '.tmp', 'wb') as file:
        file.write(saved_model.SerializeToString())
    tf.io.gfile.rename(path + '.tmp', path, overwrite=True)


def export(graph_file, export_dir):
    graph_def = tf.compat.v1.GraphDef()
    with tf.io.gfile.GFile(graph_file, 'rb') as f:
        graph_def.ParseFromString(f.read())

    class Serving(tf.Module):
        """Serves `out`."""

        def __init__(self):
            super().__init__()

            def build_graph():
                tf.import_graph_def(graph_def, name='')
                x = tf.compat.v1.get_default_graph().get_tensor_by_name('x:0')
                y = tf.compat.v1.get_default_graph().get_tensor_by_name('y:0')
                return {'x': x, 'y': y}

            graph = tf.compat.v1.wrap_function(build_graph, [])
            tensors = graph.structured_outputs
            self.serving_default = tf.function(
                graph.prune([tensors['x']], {'out': tensors['y']}),
                input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='in_')],
            )

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })
    rename_inputs(export_dir, 'serving_default', {'in_': 'in'})


export('frozen.pb', 'export')
