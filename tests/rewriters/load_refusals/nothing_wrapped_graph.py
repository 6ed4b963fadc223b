# expect: nothing
import tensorflow as tf


def build(graph_def):
    def imported():
        return tf.compat.v1.import_graph_def(graph_def, name='')

    wrapped = tf.compat.v1.wrap_function(imported, [])
    return wrapped.prune('x:0', 'y:0'), tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph_def), [])
