"""The way out for symbols that TensorFlow 2 doesn't have. Written by hand, by the longest beginning of the name."""

from __future__ import annotations

_TABLE = (
    'Build the table with tf.lookup: tf.lookup.StaticHashTable or StaticVocabularyTable over '
    'tf.lookup.KeyValueTensorInitializer or tf.lookup.TextFileInitializer.'
)
_LAYERS = (
    'Write the layer with tf.Variable and tf.nn, or with tf.compat.v1.layers (needs tf_keras). Variable names in old '
    'checkpoints follow the old layer: give the new variables the same names.'
)
_ESTIMATOR = (
    'tf.estimator ended with TensorFlow 2.15. Derive a tf.Module from the model_fn and export that, or convert the '
    'exported model with `savedmodel-migrate convert`.'
)

_COPY = 'Keep a copy of the function in your project; TensorFlow Addons, which had it, ended with TensorFlow 2.15.'
_XAVIER = 'Use tf.compat.v1.glorot_uniform_initializer, or glorot_normal_initializer for uniform=False.'

_ADVICE = {
    'contrib': 'tf.contrib ended with TensorFlow 1.15; look for the function in TensorFlow 2 or in an add-on package.',
    'contrib.crf': _COPY,
    'contrib.data': 'Use the method of tf.data.Dataset, or tf.data.experimental, of the same name.',
    'contrib.data.AUTOTUNE': 'Use tf.data.AUTOTUNE.',
    'contrib.distribute': 'Use tf.distribute.',
    'contrib.distributions': 'Use tensorflow_probability.distributions.',
    'contrib.eager': 'TensorFlow 2 runs eagerly; use the function of the same name in `tf`.',
    'contrib.estimator': _ESTIMATOR,
    'contrib.factorization': 'Write it with TensorFlow 2, or convert the model (`savedmodel-migrate convert`).',
    'contrib.feature_column': 'Use tf.feature_column.',
    'contrib.framework': 'Use the function of the same name in tf.compat.v1, tf.compat.v1.train or tf.train.',
    'contrib.framework.arg_scope': 'Pass the arguments at each call, or wrap the layer with functools.partial.',
    'contrib.framework.get_or_create_global_step': 'Use tf.compat.v1.train.get_or_create_global_step.',
    'contrib.framework.get_variables': 'Use tf.compat.v1.get_collection with tf.compat.v1.GraphKeys.GLOBAL_VARIABLES.',
    'contrib.framework.list_variables': 'Use tf.train.list_variables.',
    'contrib.framework.load_checkpoint': 'Use tf.train.load_checkpoint.',
    'contrib.framework.load_variable': 'Use tf.train.load_variable.',
    'contrib.framework.nest': 'Use tf.nest.',
    'contrib.graph_editor': 'Cut and join graphs with tf.compat.v1.graph_util and import_graph_def(input_map=…).',
    'contrib.image': 'Use tf.image; of what is not there, ' + _COPY[0].lower() + _COPY[1:],
    'contrib.keras': 'Use tf.keras.',
    'contrib.layers': _LAYERS,
    'contrib.layers.apply_regularization': 'Add the value of the regularizer, for each variable, to the loss.',
    'contrib.layers.embed_sequence': 'Use tf.nn.embedding_lookup on a variable of that shape.',
    'contrib.layers.feature_column': 'Use tf.feature_column.',
    'contrib.layers.flatten': 'Use tf.reshape(x, [tf.shape(x)[0], size]); size is the product of the other dimensions.',
    'contrib.layers.l1_regularizer': 'Multiply tf.reduce_sum(tf.abs(weights)) by the scale.',
    'contrib.layers.l2_regularizer': 'Multiply tf.nn.l2_loss(weights) by the scale.',
    'contrib.layers.one_hot_encoding': 'Use tf.one_hot.',
    'contrib.layers.optimize_loss': 'Use an optimizer of tf.compat.v1.train: compute_gradients, clip, apply_gradients.',
    'contrib.layers.real_valued_column': 'Use tf.feature_column.numeric_column.',
    'contrib.layers.sparse_column_with_hash_bucket': 'Use tf.feature_column.categorical_column_with_hash_bucket.',
    'contrib.layers.sparse_column_with_keys': 'Use tf.feature_column.categorical_column_with_vocabulary_list.',
    'contrib.layers.variance_scaling_initializer': (
        'Use tf.compat.v1.variance_scaling_initializer with scale, mode and distribution spelled out '
        '(the default there is another one).'
    ),
    'contrib.layers.xavier_initializer': _XAVIER,
    'contrib.layers.xavier_initializer_conv2d': _XAVIER,
    'contrib.learn': _ESTIMATOR,
    'contrib.learn.datasets': 'Load the data with tf.keras.datasets or tensorflow_datasets.',
    'contrib.legacy_seq2seq': 'Keep a copy of the function in your project; it needs tf.compat.v1.nn.rnn_cell.',
    'contrib.lite': 'Use tf.lite.',
    'contrib.lookup': _TABLE,
    'contrib.lookup.HashTable': _TABLE,
    'contrib.lookup.index_table_from_file': _TABLE,
    'contrib.lookup.index_table_from_tensor': _TABLE,
    'contrib.lookup.index_to_string_table_from_file': _TABLE,
    'contrib.lookup.index_to_string_table_from_tensor': _TABLE,
    'contrib.lookup.MutableHashTable': 'Use tf.lookup.experimental.MutableHashTable.',
    'contrib.lookup.MutableDenseHashTable': 'Use tf.lookup.experimental.DenseHashTable.',
    'contrib.metrics': 'Use tf.compat.v1.metrics, where most of these went.',
    'contrib.opt': 'Use an optimizer of tf.compat.v1.train or tf.keras.optimizers.',
    'contrib.predictor': 'Load with tf.saved_model.load, then call loaded.signatures["serving_default"](…).',
    'contrib.quantize': 'Quantise with the TensorFlow Model Optimization toolkit.',
    'contrib.rnn': 'Use the cell in tf.compat.v1.nn.rnn_cell (needs tf_keras), or keep a copy of it in your project.',
    'contrib.saved_model': 'Use tf.compat.v1.saved_model.',
    'contrib.seq2seq': _COPY,
    'contrib.session_bundle': 'Convert the session bundle with TensorFlow 1.15, then the SavedModel with this tool.',
    'contrib.slim': _LAYERS + ' `tf_slim` 1.1.0 does not work on TensorFlow 2.21.',
    'contrib.summary': 'Use tf.summary.',
    'contrib.tensorrt': 'Use tf.experimental.tensorrt.Converter.',
    'contrib.tpu': 'Use tf.distribute.TPUStrategy.',
    'contrib.training.HParams': 'Use a dataclass, or keep a copy of the class in your project.',
    'data.experimental': 'Use tf.data.Dataset; statistics and hooks of input pipelines have no successor.',
    'estimator': _ESTIMATOR,
    'keras.estimator': 'Export the Keras model itself with model.export or tf.saved_model.save.',
    'keras.experimental.export_saved_model': 'Use model.export or tf.saved_model.save.',
    'keras.experimental.load_from_saved_model': 'Use tf.saved_model.load.',
    'keras.mixed_precision.experimental': 'Use tf.keras.mixed_precision.',
    'keras.utils.multi_gpu_model': 'Use tf.distribute.MirroredStrategy.',
    'keras.wrappers': 'Use the package scikeras.',
    'lite.experimental.nn': 'Convert from a tf.function with tf.lite.TFLiteConverter.',
}


def advice_for(name: str) -> str:
    """The way out for a symbol that is gone, given without `tensorflow.`; empty where none is known."""
    while name:
        if name in _ADVICE:
            return _ADVICE[name]
        name = name.rpartition('.')[0]
    return ''
