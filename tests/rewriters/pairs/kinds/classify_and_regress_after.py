"""classify and regress signatures keep their method names, which tf.saved_model.save alone would lose."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `classes`, `scores`, `outputs`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def serving_default(self, examples):
        features = tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([1], tf.float32, default_value=[1.])})
        x = features['x']
        score = tf.sigmoid(x)
        label = tf.as_string(tf.round(score))
        return {'classes': label, 'scores': score}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def regress(self, examples):
        features = tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([1], tf.float32, default_value=[1.])})
        x = features['x']
        score = tf.sigmoid(x)
        return {'outputs': score}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def scores(self, examples):
        features = tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([1], tf.float32, default_value=[1.])})
        x = features['x']
        score = tf.sigmoid(x)
        return {'scores': score}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: module.serving_default,
    'regress': module.regress,
    'scores': module.scores,
})
updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater('export')
updater.replace_method_name(tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY, tf.saved_model.CLASSIFY_METHOD_NAME)
updater.replace_method_name('regress', tf.saved_model.REGRESS_METHOD_NAME)
updater.replace_method_name('scores', tf.saved_model.CLASSIFY_METHOD_NAME)
updater.save()
