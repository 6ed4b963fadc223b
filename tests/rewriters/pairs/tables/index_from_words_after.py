"""Words to numbers: unknown ones become -1 unless the source says otherwise."""
import tensorflow as tf

words = ['cat', 'dog', 'fish']


class Serving(tf.Module):
    """Serves `id`, `known_id`."""

    def __init__(self):
        super().__init__()
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(words, tf.range(len(words), dtype=tf.int64)),
            -1,
        )
        self.known = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(tf.constant(words), tf.range(len(words), dtype=tf.int64)),
            0,
        )

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='word')])
    def serving_default(self, word):
        ids = self.table.lookup(word)
        known_ids = self.known.lookup(word)
        return {'id': ids, 'known_id': known_ids}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
