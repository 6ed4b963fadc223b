"""Feature columns and what they make of parsed examples."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `year`, `dense`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            serialized = tf.compat.v1.placeholder(tf.string, [None], name='examples')
            year = tf.feature_column.numeric_column('year')
            decade = tf.feature_column.bucketized_column(year, boundaries=[1960, 1970])

            columns = [year, decade]

            features = tf.io.parse_example(serialized, tf.compat.v1.feature_column.make_parse_example_spec(columns))
            dense = tf.compat.v1.feature_column.input_layer(features, columns)
            return {'serialized': serialized, 'year': features['year'], 'dense': dense}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        self._variables = graph.variables
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['serialized']], {'year': tensors['year'], 'dense': tensors['dense']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['serialized'], name='examples')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
