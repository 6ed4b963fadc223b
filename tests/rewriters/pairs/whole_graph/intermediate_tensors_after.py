"""Signatures that are fed in the middle: predict from what was parsed, classify from the examples."""

import tensorflow as tf


class Serving(tf.Module):
    """Serves `classes`, `scores`."""

    def __init__(self):
        super().__init__()

        def build_graph():
            examples = tf.compat.v1.placeholder(tf.string, [None], name='examples')
            features = tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([2], tf.float32, [3., 4.])})
            with tf.compat.v1.variable_scope('net'):
                factor = tf.compat.v1.get_variable('factor', [], initializer=tf.compat.v1.constant_initializer(2.))
                scores = features['x'] * factor
            classes = tf.as_string(scores, precision=1)
            return {'examples': examples, 'classes': classes, 'scores': scores, 'x': features['x']}

        graph = tf.compat.v1.wrap_function(build_graph, [])
        self._variables = graph.variables
        tensors = graph.structured_outputs
        self.classify = tf.function(
            graph.prune([tensors['examples']], {'classes': tensors['classes'], 'scores': tensors['scores']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['examples'], name='inputs')],
        )
        self.predict = tf.function(
            graph.prune([tensors['x']], {'scores': tensors['scores']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')],
        )


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'classify': module.classify,
    'predict': module.predict,
})
updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater('export')
updater.replace_method_name('classify', tf.saved_model.CLASSIFY_METHOD_NAME)
updater.save()
