"""A HashTable with keys and values of its own."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `country`."""

    def __init__(self):
        super().__init__()
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(['de', 'fr'], ['Germany', 'France']),
            'somewhere',
        )

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='code')])
    def serving_default(self, code):
        return {'country': self.table.lookup(code)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
