"""A graph from a MetaGraph file, its tensors found by name."""
import tensorflow as tf

checkpoint = tf.train.latest_checkpoint('checkpoint')


class Serving(tf.Module):
    """Serves the graph of `checkpoint + '.meta'` with the variables of `checkpoint`."""

    def __init__(self):
        super().__init__()
        meta_graph = tf.compat.v1.MetaGraphDef()
        with tf.io.gfile.GFile(checkpoint + '.meta', 'rb') as file:
            meta_graph.ParseFromString(file.read())
        graph_def = tf.compat.v1.graph_util.extract_sub_graph(meta_graph.graph_def, ['x', 'y'])
        for node in graph_def.node:
            node.device = ''
        if any('Table' in node.op for node in graph_def.node):
            raise ValueError('The graph has lookup tables, which would be empty in the exported model.')
        values = tf.train.load_checkpoint(checkpoint)
        variables = {
            node.name: tf.Variable(values.get_tensor(node.name), name=node.name)
            for node in graph_def.node if node.op in ('Variable', 'VariableV2', 'VarHandleOp')
        }
        handles = {node.name for node in graph_def.node if node.op == 'VarHandleOp'}

        def import_graph():
            capture = tf.compat.v1.get_default_graph().capture
            tf.graph_util.import_graph_def(graph_def, name='', input_map={
                name: capture(variable.handle) if name in handles else variable.value()
                for name, variable in variables.items()
            })

        graph = tf.compat.v1.wrap_function(import_graph, [])
        self._variables = variables
        self.serving_default = tf.function(
            graph.prune(['x:0'], {'y': 'y:0'}),
            input_signature=[
                tf.TensorSpec.from_tensor(graph.graph.get_tensor_by_name('x:0'), name='x'),
            ],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
