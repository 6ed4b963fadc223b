"""Names imported from TensorFlow's own folders."""
import tensorflow as tf
from tensorflow.python.saved_model import builder as saved_model_builder
from tensorflow.python.saved_model import signature_constants
from tensorflow.python.saved_model import tag_constants
from tensorflow.python.saved_model.signature_def_utils import predict_signature_def

signature_key = signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def serving_default(self, x):
        return {'y': tf.math.log(x)}


module = Serving()
tf.saved_model.save(module, 'export', signatures={
    tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: module.serving_default,
})
