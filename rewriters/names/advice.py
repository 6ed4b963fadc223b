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
    'model that was exported: savedmodel-migrate convert EXPORTED NEW_MODEL.'
)

_COPY = 'Keep a copy of the function in your project; TensorFlow Addons, which had it, ended with TensorFlow 2.15.'
_KEEP = 'TensorFlow 2 has nothing like it: keep a copy of it in your project.'
_NOT_PUBLIC = (
    'TensorFlow 2.21 still has it in tensorflow.python.{}, which is not public and may change: keep a copy of it in '
    'your project.'
)
_ARG_SCOPE = 'Pass the arguments at each call, or wrap the layer with functools.partial.'
_ASSIGN = 'Use variable.assign: of a placeholder in a session, which is fed the value; else of the value itself.'
_CHOOSE = 'Choose among tf.compat.v1.global_variables() by {}.'
_VARIABLE = 'Use tf.compat.v1.Variable(value, trainable=False, collections=[tf.compat.v1.GraphKeys.{}]).'
_XAVIER = (
    'Use tf.compat.v1.glorot_uniform_initializer(seed=…). For uniform=False, '
    'tf.compat.v1.variance_scaling_initializer(scale=1.0058637, mode="fan_avg") draws from the same distribution. '
    'Variables with a partitioner are scaled by the whole shape, no longer by that of the partition.'
)
_FROM_FILE = (
    'tf.lookup.TextFileInitializer(file, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, '
    'tf.lookup.TextFileIndex.LINE_NUMBER)'
)
_TO_INDEX = (
    'Write tf.compat.v1.lookup.StaticHashTable({}, default_value); with num_oov_buckets, '
    'tf.compat.v1.lookup.StaticVocabularyTable({}, num_oov_buckets).'
)
_FROM_LIST = 'tf.lookup.KeyValueTensorInitializer(words, tf.range(len(words), dtype=tf.int64))'
_TO_STRING = (
    'Write tf.compat.v1.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(tf.range(len(words), '
    'dtype=tf.int64), words), "UNK").'
)
_FILE_TO_STRING = (
    'Write tf.compat.v1.lookup.StaticHashTable(tf.lookup.TextFileInitializer(file, tf.int64, '
    'tf.lookup.TextFileIndex.LINE_NUMBER, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE), "UNK").'
)
_MODE = 'Its value is the plain string {}: use a constant of your own.'
_EXPORTER = (
    'Write the export with tf.compat.v1.saved_model.Builder, then rewrite it with this tool; models that are exported '
    'already need a TensorFlow 1 that has session_bundle to be loaded and saved as a SavedModel.'
)
_SUMMARY = (
    'Make the writer with tf.summary.create_file_writer, and call the function of the same name in tf.summary with '
    'step=…; in a session, tf.compat.v1.summary with a FileWriter.'
)
_SEQ2SEQ = (
    'Keep a copy of tensorflow/contrib/seq2seq in your project (it needs tf.compat.v1.nn.rnn_cell and tf_keras), or '
    'keep the model that was exported: TensorFlow 2 still loads and serves it.'
)
_BLOCK_CELL = (
    'Use {} with the same number of units. Compare the names and shapes of its variables with those in an old '
    'checkpoint before you restore it.'
)
_CUDNN = (
    'Use tf.keras.layers.{}, which runs on cuDNN by itself. Its weights are laid out otherwise. '
    'TensorFlow 2 still loads and serves the model that was exported with the old ones.'
)
_TPU_ESTIMATOR = 'TPUEstimator ended with tf.estimator: use tf.distribute.TPUStrategy, or on CPU and GPU no wrapper.'
_FEATURE_COLUMN = 'Use tf.feature_column.{}.'

_ADVICE = {
    'contrib': 'tf.contrib ended with TensorFlow 1.15; look for the function in TensorFlow 2 or in an add-on package.',
    'contrib.autograph': 'Use tf.autograph.',
    'contrib.batching': 'Use tf.nondifferentiable_batch_function.',
    'contrib.bayesflow': 'Use tensorflow_probability.',
    'contrib.checkpoint': 'Use tf.train.Checkpoint; plain lists and dictionaries are tracked by tf.Module.',
    'contrib.cluster_resolver': 'Use tf.distribute.cluster_resolver.',
    'contrib.copy_graph': 'Use tf.compat.v1.import_graph_def(graph.as_graph_def()).',
    'contrib.crf': _COPY,
    'contrib.cudnn_rnn': _CUDNN.format('LSTM or GRU'),
    'contrib.cudnn_rnn.CudnnCompatibleGRUCell': 'Use tf.keras.layers.GRUCell(units, reset_after=True).',
    'contrib.cudnn_rnn.CudnnCompatibleLSTMCell': _BLOCK_CELL.format('tf.compat.v1.nn.rnn_cell.LSTMCell'),
    'contrib.cudnn_rnn.CudnnGRU': _CUDNN.format('GRU'),
    'contrib.cudnn_rnn.CudnnLSTM': _CUDNN.format('LSTM'),
    'contrib.data': (
        'Use the method of tf.data.Dataset of the same name, or the function of tf.compat.v1.data.experimental: what '
        'that of tf.data.experimental returns may have no make_one_shot_iterator.'
    ),
    'contrib.data.AUTOTUNE': 'Use tf.data.AUTOTUNE.',
    'contrib.data.CheckpointInputPipelineHook': 'Save the iterator itself with tf.train.Checkpoint(iterator=iterator).',
    'contrib.data.LMDBDataset': 'Read the file with the package lmdb, in tf.data.Dataset.from_generator.',
    'contrib.data.assert_element_shape': 'Use tf.data.experimental.assert_cardinality or tf.ensure_shape in a map.',
    'contrib.data.batch_and_drop_remainder': 'Use dataset.batch(batch_size, drop_remainder=True).',
    'contrib.data.padded_batch_and_drop_remainder': 'Use dataset.padded_batch(…, drop_remainder=True).',
    'contrib.data.read_batch_features': 'Use tf.compat.v1.data.experimental.make_batched_features_dataset.',
    'contrib.data.reduce_dataset': 'Use dataset.reduce.',
    'contrib.data.shuffle_and_repeat': (
        'Use dataset.shuffle(…).repeat(…); the same seed gives another order than in 1.15.'
    ),
    'contrib.data.sliding_window_batch': 'Use dataset.window(size, shift, stride).flat_map(…).',
    'contrib.data.sloppy_interleave': 'Use tf.data.experimental.parallel_interleave(…, sloppy=True).',
    'contrib.deprecated': (
        'Use the function of tf.compat.v1.summary that does the same, as merge_all for merge_all_summaries.'
    ),
    'contrib.distribute': 'Use tf.distribute.',
    'contrib.distribute.CollectiveAllReduceStrategy': 'Use tf.distribute.MultiWorkerMirroredStrategy.',
    'contrib.distribute.MirroredStrategy': 'Use tf.distribute.MirroredStrategy.',
    'contrib.distributions': 'Use tensorflow_probability.distributions.',
    'contrib.eager': 'TensorFlow 2 runs eagerly; use the function of the same name in `tf`.',
    'contrib.eager.list_devices': 'Use tf.config.list_logical_devices.',
    'contrib.eager.metrics': 'Use tf.keras.metrics.',
    'contrib.estimator': _ESTIMATOR,
    'contrib.estimator.forward_features': 'Add the feature itself to the outputs of the signature. ' + _ESTIMATOR,
    'contrib.factorization': 'Write it with TensorFlow 2, or keep the model that was exported.',
    'contrib.feature_column': 'Use tf.feature_column.',
    'contrib.framework': 'Use the function of the same name in tf.compat.v1.train; if it has none, keep a copy of it.',
    'contrib.framework.BoundedTensorSpec': _NOT_PUBLIC.format('framework.tensor_spec'),
    'contrib.framework.RecordInput': _NOT_PUBLIC.format('ops.data_flow_ops'),
    'contrib.framework.VariableDeviceChooser': _KEEP,
    'contrib.framework.add_arg_scope': 'Drop the decorator, and pass the arguments at each call.',
    'contrib.framework.add_model_variable': (
        'Use tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.MODEL_VARIABLES, variable), once for each.'
    ),
    'contrib.framework.arg_scope': _ARG_SCOPE,
    'contrib.framework.arg_scoped_arguments': _ARG_SCOPE,
    'contrib.framework.assert_or_get_global_step': (
        'Use tf.compat.v1.train.assert_global_step(step) where one is given, else '
        'tf.compat.v1.train.get_global_step().'
    ),
    'contrib.framework.assert_scalar_int': 'Use tf.debugging.assert_scalar and tf.debugging.assert_integer.',
    'contrib.framework.assign_from_checkpoint': 'Use tf.compat.v1.train.Saver(variables).restore.',
    'contrib.framework.assign_from_checkpoint_fn': 'Use tf.compat.v1.train.Saver(variables).restore.',
    'contrib.framework.assign_from_values': _ASSIGN,
    'contrib.framework.assign_from_values_fn': _ASSIGN,
    'contrib.framework.convolutional_delta_orthogonal': _NOT_PUBLIC.format('ops.init_ops'),
    'contrib.framework.convolutional_orthogonal_1d': _NOT_PUBLIC.format('ops.init_ops'),
    'contrib.framework.convolutional_orthogonal_2d': _NOT_PUBLIC.format('ops.init_ops'),
    'contrib.framework.convolutional_orthogonal_3d': _NOT_PUBLIC.format('ops.init_ops'),
    'contrib.framework.current_arg_scope': _ARG_SCOPE,
    'contrib.framework.deprecated': _NOT_PUBLIC.format('util.deprecation'),
    'contrib.framework.deprecated_arg_values': _NOT_PUBLIC.format('util.deprecation'),
    'contrib.framework.deprecated_args': _NOT_PUBLIC.format('util.deprecation'),
    'contrib.framework.filter_variables': 'Choose among the variables yourself, by re.search(pattern, variable.name).',
    'contrib.framework.fuse_op': _KEEP,
    'contrib.framework.get_graph_from_inputs': 'Use the attribute `graph` of one of the tensors.',
    'contrib.framework.get_local_variables': 'Use tf.compat.v1.local_variables(scope), scope being a string.',
    'contrib.framework.get_model_variables': 'Use tf.compat.v1.model_variables(scope), scope being a string.',
    'contrib.framework.get_name_scope': 'Use tf.compat.v1.get_default_graph().get_name_scope().',
    'contrib.framework.get_or_create_global_step': 'Use tf.compat.v1.train.get_or_create_global_step.',
    'contrib.framework.get_placeholders': (
        "Write [op.outputs[0] for op in graph.get_operations() if op.type == 'Placeholder']."
    ),
    'contrib.framework.get_trainable_variables': 'Use tf.compat.v1.trainable_variables(scope), scope being a string.',
    'contrib.framework.get_unique_variable': _CHOOSE.format('their whole names (variable.op.name)'),
    'contrib.framework.get_variable_full_name': 'Use variable.op.name; with a partitioner, that of the whole variable.',
    'contrib.framework.get_variables': 'Use tf.compat.v1.global_variables(scope), scope being a string.',
    'contrib.framework.get_variables_by_name': _CHOOSE.format('what follows the last / in variable.op.name'),
    'contrib.framework.get_variables_by_suffix': _CHOOSE.format('the end of variable.op.name'),
    'contrib.framework.get_variables_to_restore': _CHOOSE.format('the beginning of their names'),
    'contrib.framework.global_variable': _VARIABLE.format('GLOBAL_VARIABLES'),
    'contrib.framework.has_arg_scope': _ARG_SCOPE,
    'contrib.framework.init_from_checkpoint': 'Use tf.compat.v1.train.init_from_checkpoint, before variables are read.',
    'contrib.framework.list_variables': 'Use tf.train.list_variables.',
    'contrib.framework.load_and_remap_matrix_initializer': _KEEP,
    'contrib.framework.load_checkpoint': 'Use tf.train.load_checkpoint.',
    'contrib.framework.load_embedding_initializer': _KEEP,
    'contrib.framework.load_linear_multiclass_bias_initializer': _KEEP,
    'contrib.framework.load_variable': 'Use tf.train.load_variable.',
    'contrib.framework.load_variable_slot_initializer': _KEEP,
    'contrib.framework.local_variable': _VARIABLE.format('LOCAL_VARIABLES'),
    'contrib.framework.model_variable': (
        'Use tf.compat.v1.get_variable with collections=[tf.compat.v1.GraphKeys.GLOBAL_VARIABLES, '
        'tf.compat.v1.GraphKeys.MODEL_VARIABLES]; `device` becomes `with tf.device(…):` around it.'
    ),
    'contrib.framework.nest': 'Use tf.nest.',
    'contrib.framework.prepend_name_scope': _NOT_PUBLIC.format('framework.ops'),
    'contrib.framework.py_func': 'Use tf.compat.v1.py_func; a graph with it cannot be exported.',
    'contrib.framework.reduce_sum_n': 'Use tf.add_n([tf.reduce_sum(tensor) for tensor in tensors]).',
    'contrib.framework.remove_squeezable_dimensions': 'Use tf.squeeze on the one that has a dimension too many.',
    'contrib.framework.smart_case': 'Use tf.case, or a plain `if` where the conditions are Python values.',
    'contrib.framework.smart_cond': 'Use tf.cond, or a plain `if` where the condition is a Python value.',
    'contrib.framework.smart_constant_value': 'Use tf.get_static_value.',
    'contrib.framework.strip_name_scope': _NOT_PUBLIC.format('framework.ops'),
    'contrib.framework.variable': 'Use tf.compat.v1.get_variable; `device` becomes `with tf.device(…):` around it.',
    'contrib.framework.with_same_shape': 'Use tf.ensure_shape, or tf.debugging.assert_equal on the shapes.',
    'contrib.framework.with_shape': 'Use tf.ensure_shape, or tf.debugging.assert_equal on the shapes.',
    'contrib.framework.zero_initializer': 'Use variable.assign(tf.zeros(variable.shape, variable.dtype)).',
    'contrib.graph_editor': 'Cut and join graphs with tf.compat.v1.graph_util and import_graph_def(input_map=…).',
    'contrib.image': 'Use tf.image; of what is not there, ' + _COPY[0].lower() + _COPY[1:],
    'contrib.integrate': 'Use tensorflow_probability.math.ode.',
    'contrib.keras': 'Use tf.keras.',
    'contrib.layers': _LAYERS,
    'contrib.layers.apply_regularization': 'Add the value of the regularizer, for each variable, to the loss.',
    'contrib.layers.avg_pool2d': 'Use tf.nn.avg_pool2d(x, kernel_size, stride, padding); contrib had 2 and "VALID".',
    'contrib.layers.batch_norm': (
        'Use tf.compat.v1.nn.fused_batch_norm on variables beta, gamma, moving_mean and moving_variance in the scope '
        'BatchNorm, as old checkpoints name them. contrib had decay=0.999, epsilon=0.001 and no gamma by default.'
    ),
    'contrib.layers.bias_add': 'Use tf.nn.bias_add with a variable named biases.',
    'contrib.layers.bucketized_column': _FEATURE_COLUMN.format('bucketized_column'),
    'contrib.layers.conv2d': (
        'Use tf.nn.conv2d with variables weights and biases in the scope Conv, as old checkpoints name them, '
        'then tf.nn.relu, which contrib had by default.'
    ),
    'contrib.layers.create_feature_spec_for_parsing': _FEATURE_COLUMN.format('make_parse_example_spec'),
    'contrib.layers.crossed_column': _FEATURE_COLUMN.format('crossed_column'),
    'contrib.layers.dropout': 'Use tf.nn.dropout(x, rate=1 - keep_prob) in training, and x itself in serving.',
    'contrib.layers.embed_sequence': 'Use tf.nn.embedding_lookup on a variable of that shape.',
    'contrib.layers.embedding_column': _FEATURE_COLUMN.format('embedding_column'),
    'contrib.layers.feature_column': 'Use tf.feature_column.',
    'contrib.layers.flatten': 'Use tf.reshape(x, [tf.shape(x)[0], size]); size is the product of the other dimensions.',
    'contrib.layers.fully_connected': (
        'Use tf.matmul with variables weights and biases in the scope fully_connected, as old checkpoints name them, '
        'then tf.nn.relu, which contrib had by default.'
    ),
    'contrib.layers.input_from_feature_columns': 'Use tf.compat.v1.feature_column.input_layer.',
    'contrib.layers.l1_regularizer': (
        'Write lambda weights: scale * tf.reduce_sum(tf.abs(weights)); for a scale of 0, pass None.'
    ),
    'contrib.layers.l2_regularizer': (
        'Write lambda weights: scale * tf.nn.l2_loss(weights); for a scale of 0, pass None.'
    ),
    'contrib.layers.layer_norm': (
        'Use tf.nn.moments and tf.nn.batch_normalization on variables beta and gamma in the scope LayerNorm; contrib '
        'had epsilon 1e-12 and took the moments over all axes but the first.'
    ),
    'contrib.layers.max_pool2d': 'Use tf.nn.max_pool2d(x, kernel_size, stride, padding); contrib had 2 and "VALID".',
    'contrib.layers.one_hot_encoding': 'Use tf.one_hot.',
    'contrib.layers.optimize_loss': 'Use an optimizer of tf.compat.v1.train: compute_gradients, clip, apply_gradients.',
    'contrib.layers.real_valued_column': 'Use tf.feature_column.numeric_column.',
    'contrib.layers.safe_embedding_lookup_sparse': 'Use tf.compat.v1.nn.safe_embedding_lookup_sparse.',
    'contrib.layers.softmax': 'Use tf.nn.softmax.',
    'contrib.layers.sparse_column_with_hash_bucket': 'Use tf.feature_column.categorical_column_with_hash_bucket.',
    'contrib.layers.sparse_column_with_integerized_feature': (
        'Use tf.feature_column.categorical_column_with_identity; its values stay below num_buckets.'
    ),
    'contrib.layers.sparse_column_with_keys': 'Use tf.feature_column.categorical_column_with_vocabulary_list.',
    'contrib.layers.stack': 'Call the layer once for each size, in scopes named <layer>_1, <layer>_2, ….',
    'contrib.layers.utils.collect_named_outputs': 'Use tf.compat.v1.add_to_collection and a dictionary of your own.',
    'contrib.layers.utils.convert_collection_to_dict': 'Keep a dictionary of name and tensor yourself.',
    'contrib.layers.variance_scaling_initializer': (
        'Use tf.compat.v1.variance_scaling_initializer(scale=2.0, mode="fan_in", distribution="uniform") for '
        'factor=2.0, mode="FAN_IN", uniform=True. For uniform=False, "truncated_normal" with 1.0058637 times the '
        'scale draws from the same distribution.'
    ),
    'contrib.layers.weighted_sparse_column': _FEATURE_COLUMN.format('weighted_categorical_column'),
    'contrib.layers.weighted_sum_from_feature_columns': 'Use tf.compat.v1.feature_column.linear_model.',
    'contrib.layers.xavier_initializer': _XAVIER,
    'contrib.layers.xavier_initializer_conv2d': _XAVIER,
    'contrib.learn': _ESTIMATOR,
    'contrib.learn.ModeKeys.EVAL': _MODE.format("'eval'"),
    'contrib.learn.ModeKeys.INFER': _MODE.format("'infer'"),
    'contrib.learn.ModeKeys.TRAIN': _MODE.format("'train'"),
    'contrib.learn.datasets': 'Load the data with tf.keras.datasets or tensorflow_datasets.',
    'contrib.learn.preprocessing.VocabularyProcessor': 'Use tf.keras.layers.TextVectorization with the old vocabulary.',
    'contrib.legacy_seq2seq': 'Keep a copy of the function in your project; it needs tf.compat.v1.nn.rnn_cell.',
    'contrib.linear_optimizer': 'Train with tf.keras.optimizers.Ftrl; SDCA is left as tf.raw_ops.SdcaOptimizerV2 only.',
    'contrib.lite': 'Use tf.lite.',
    'contrib.lookup': _TABLE,
    'contrib.lookup.HashTable': (
        'Use tf.compat.v1.lookup.StaticHashTable; it has `initializer` instead of `init`, and no shared_name.'
    ),
    'contrib.lookup.IdTableWithHashBuckets': 'Use tf.compat.v1.lookup.StaticVocabularyTable.',
    'contrib.lookup.MutableDenseHashTable': 'Use tf.lookup.experimental.DenseHashTable.',
    'contrib.lookup.MutableHashTable': 'Use tf.lookup.experimental.MutableHashTable.',
    'contrib.lookup.index_table_from_file': _TO_INDEX.format(_FROM_FILE, _FROM_FILE),
    'contrib.lookup.index_table_from_tensor': _TO_INDEX.format(_FROM_LIST, _FROM_LIST),
    'contrib.lookup.index_to_string_table_from_file': _FILE_TO_STRING,
    'contrib.lookup.index_to_string_table_from_tensor': _TO_STRING,
    'contrib.losses': 'Use tf.compat.v1.losses.',
    'contrib.metrics': 'Use tf.compat.v1.metrics, where most of these went; they take labels before predictions.',
    'contrib.metrics.accuracy': 'Use tf.reduce_mean(tf.cast(tf.equal(predictions, labels), tf.float32)).',
    'contrib.metrics.aggregate_metric_map': (
        'Write {name: value for name, (value, _) in metrics.items()}, and the updates alike.'
    ),
    'contrib.mixed_precision': 'Use tf.keras.mixed_precision.LossScaleOptimizer.',
    'contrib.model_pruning': 'Prune with the TensorFlow Model Optimization toolkit.',
    'contrib.nn': 'Use the function of the same name in tf.nn, where there is one.',
    'contrib.opt': 'Use an optimizer of tf.compat.v1.train or tf.keras.optimizers.',
    'contrib.optimizer_v2': 'Use the optimizer of the same name in tf.compat.v1.train.',
    'contrib.predictor': 'Load with tf.saved_model.load, then call loaded.signatures["serving_default"](…).',
    'contrib.quantization': 'Use the function of the same name in tf.quantization.',
    'contrib.quantize': 'Quantise with the TensorFlow Model Optimization toolkit.',
    'contrib.resampler': _COPY,
    'contrib.rnn': 'Use the cell in tf.compat.v1.nn.rnn_cell (needs tf_keras), or keep a copy of it in your project.',
    'contrib.rnn.GRUBlockCell': _BLOCK_CELL.format('tf.compat.v1.nn.rnn_cell.GRUCell'),
    'contrib.rnn.GRUBlockCellV2': _BLOCK_CELL.format('tf.compat.v1.nn.rnn_cell.GRUCell'),
    'contrib.rnn.LSTMBlockCell': _BLOCK_CELL.format('tf.compat.v1.nn.rnn_cell.LSTMCell'),
    'contrib.rnn.LSTMBlockFusedCell': 'Use tf.compat.v1.nn.dynamic_rnn(cell, x, time_major=True) with an LSTMCell.',
    'contrib.rnn.LayerNormBasicLSTMCell': (
        'Keep a copy of the cell in your project; it needs tf.compat.v1.nn.rnn_cell.RNNCell.'
    ),
    'contrib.rnn.transpose_batch_time': 'Use tf.transpose(x, [1, 0, 2]).',
    'contrib.saved_model': 'Use tf.compat.v1.saved_model.',
    'contrib.saved_model.get_saved_model_tag_sets': (
        'Use `savedmodel-migrate inspect`, which shows the tags of each graph.'
    ),
    'contrib.saved_model.load_keras_model': (
        'Use tf.saved_model.load; tf.keras.models.load_model reads the format of Keras 3, not this one.'
    ),
    'contrib.saved_model.read_saved_model': (
        'Parse saved_model.pb with saved_model_pb2.SavedModel of tensorflow.core.protobuf.'
    ),
    'contrib.saved_model.save_keras_model': 'Use model.export or tf.saved_model.save.',
    'contrib.saved_model.signature_def_utils': 'Write meta_graph.signature_def[key], which raises KeyError without it.',
    'contrib.seq2seq': _SEQ2SEQ,
    'contrib.session_bundle': _EXPORTER,
    'contrib.session_bundle.exporter': _EXPORTER,
    'contrib.signal': 'Use tf.signal.',
    'contrib.slim': (
        _LAYERS + ' `tf_slim` 1.1.0 does on TensorFlow 2.21 what slim did for layers without a normalizer (conv2d, '
        'pooling, dropout, repeat, …); its batch_norm fails there, by itself and as normalizer_fn.'
    ),
    'contrib.slim.arg_scope': _ARG_SCOPE,
    'contrib.slim.nets': (
        'Keep the model that was exported, which TensorFlow 2 loads; without one, export it under TensorFlow 1.15. '
        'The networks of tf.keras.applications have other weights.'
    ),
    'contrib.slim.prefetch_queue': 'Use dataset.prefetch.',
    'contrib.sparsemax': _COPY,
    'contrib.staging': 'Use dataset.prefetch.',
    'contrib.stateless': 'Use tf.random.stateless_normal, stateless_uniform, ….',
    'contrib.summary': _SUMMARY,
    'contrib.tensor_forest': 'Train with the package ydf or tensorflow_decision_forests.',
    'contrib.tensorboard': 'Use the package tensorboard.',
    'contrib.tensorrt': 'Use tf.experimental.tensorrt.Converter.',
    'contrib.tfprof': 'Use tf.compat.v1.profiler.',
    'contrib.timeseries': 'Use tensorflow_probability.sts, or write the model with tf.keras.',
    'contrib.tpu': 'Use tf.distribute.TPUStrategy.',
    'contrib.tpu.CrossShardOptimizer': 'Use tf.compat.v1.tpu.CrossShardOptimizer.',
    'contrib.tpu.InputPipelineConfig': _TPU_ESTIMATOR,
    'contrib.tpu.RunConfig': _TPU_ESTIMATOR,
    'contrib.tpu.TPUConfig': _TPU_ESTIMATOR,
    'contrib.tpu.TPUEstimator': _TPU_ESTIMATOR,
    'contrib.tpu.TPUEstimatorSpec': _TPU_ESTIMATOR,
    'contrib.tpu.tpu_config': _TPU_ESTIMATOR,
    'contrib.tpu.tpu_estimator': _TPU_ESTIMATOR,
    'contrib.training': 'Use the function of the same name in tf.compat.v1.train or tf.data, where there is one.',
    'contrib.training.HParams': 'Use a dataclass, or keep a copy of the class in your project.',
    'contrib.training.create_train_op': (
        'Use optimizer.minimize(loss, global_step), inside tf.control_dependencies of the collection '
        'tf.compat.v1.GraphKeys.UPDATE_OPS.'
    ),
    'contrib.util': 'Use tf.make_tensor_proto, tf.make_ndarray or the function of the same name in tf.compat.v1.',
    'contrib.warpctc': 'Use tf.nn.ctc_loss(…, blank_index=0); warp-ctc took label 0 for the blank.',
    'data.experimental': 'Use tf.data.Dataset; statistics and hooks of input pipelines have no successor.',
    'estimator': _ESTIMATOR,
    'examples.tutorials.mnist': (
        'Nothing public does the same. Load the data with tf.keras.datasets.mnist.load_data() or tensorflow_datasets '
        '(bytes from 0 to 255 in 28 rows of 28, where read_data_sets gave rows of 784 floats from 0 to 1). Or keep '
        'a copy of mnist.py and base.py of TensorFlow 1.15 (contrib/learn/python/learn/datasets) in your project.'
    ),
    'keras.estimator': 'Export the Keras model itself with model.export or tf.saved_model.save.',
    'keras.experimental.export_saved_model': 'Use model.export or tf.saved_model.save.',
    'keras.experimental.load_from_saved_model': 'Use tf.saved_model.load.',
    'keras.mixed_precision.experimental': 'Use tf.keras.mixed_precision.',
    'keras.utils.multi_gpu_model': 'Use tf.distribute.MirroredStrategy.',
    'keras.wrappers': 'Use the package scikeras.',
    'lite.experimental.nn': 'Convert from a tf.function with tf.lite.TFLiteConverter.',
    'python.estimator': _ESTIMATOR,
}


def advice_for(name: str) -> str:
    """The way out for a symbol that is gone, given without `tensorflow.`; empty where none is known."""
    package, is_source, rest = name.partition('.python.')
    if is_source:  # `contrib.layers.python.layers.batch_norm` is what `contrib.layers.batch_norm` is
        words = rest.split('.')
        for start in range(len(words)):
            for end in range(len(words), start, -1):
                if (known := '.'.join([package, *words[start:end]])) in _ADVICE:
                    return _ADVICE[known]
    while name:
        if name in _ADVICE:
            return _ADVICE[name]
        name = name.rpartition('.')[0]
    return ''
