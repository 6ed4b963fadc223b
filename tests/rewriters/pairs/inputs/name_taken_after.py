"""The input's name is also the name of a value that the graph reads: the parameter must not hide it."""
import tensorflow as tf

scale = 10.


class Serving(tf.Module):
    """Serves `outputs`, `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def regress(self, serialized):
        features = tf.io.parse_example(serialized, {'scale': tf.io.FixedLenFeature([1], tf.float32)})
        y = features['scale'] * scale
        return {'outputs': y}

    @tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name='scale')])
    def predict(self, scale_):
        return {'y': scale_ * scale}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    'regress': module.regress,
    'predict': module.predict,
})
updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater('export')
updater.replace_method_name('regress', tf.saved_model.REGRESS_METHOD_NAME)
updater.save()
