"""A label table, initialised by main_op when the old model is loaded; a new one does that by itself."""
import tensorflow as tf

LABELS = ['setosa', 'versicolor', 'virginica']


class Serving(tf.Module):
    """Serves `names`, `values`."""

    def __init__(self):
        super().__init__()
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(tf.range(len(LABELS), dtype=tf.int64), tf.constant(LABELS)),
            'UNK',
        )

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='scores')])
    def label(self, scores):
        values, indices = tf.nn.top_k(scores, 2)
        names = self.table.lookup(tf.compat.v1.to_int64(indices))
        return {'names': names, 'values': values}


module = Serving()
tf.saved_model.save(module, 'export', signatures={'label': module.label})
