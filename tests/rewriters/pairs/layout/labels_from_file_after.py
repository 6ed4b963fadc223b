"""A list that is filled before the graph reads it, and read later: it means the same at the end."""
import tensorflow as tf

labels = []
for line in ['cat', 'dog']:
    labels.append(line.upper())


class Serving(tf.Module):
    """Serves `label`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name='index')])
    def serving_default(self, index):
        return {'label': tf.gather(tf.constant(labels), index)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'serving_default': module.serving_default,
})
print(labels)
