"""Exports one SavedModel of each kind that TensorFlow 1 code makes: `PYTHON tf1_kinds.py DIRECTORY [KIND...]`.

A kind is a function that builds a graph and returns its signatures: key to inputs, outputs and method name. What the
session runs before the export, other tag sets and init ops are what `Export` has beside them. Runs under TensorFlow
1.15 on Python 3.7.
"""

import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

PREDICT, CLASSIFY, REGRESS = ('tensorflow/serving/' + kind for kind in ('predict', 'classify', 'regress'))
KINDS = {}
ESTIMATORS = {}
WORDS = ['ant', 'bee', 'cat', 'dog']


class Export:
    """What a kind wants beside its signatures."""

    def __init__(self, directory):
        self.directory = directory
        self.before = []
        self.main_op = None
        self.legacy_init_op = None
        self.other_tags = []
        self.tags = ['serve']
        self.device = ''

    def file(self, name, lines):
        os.makedirs(self.directory + '-files', exist_ok=True)
        path = os.path.join(self.directory + '-files', name)
        with open(path, 'w') as file:
            file.write('\n'.join(lines) + '\n')
        return path


def kind(function):
    KINDS[function.__name__] = function
    return function


def estimator(function):
    ESTIMATORS[function.__name__] = function
    return function


def serve(inputs, outputs, method_name=PREDICT):
    return {'serving_default': (inputs, outputs, method_name)}


def rows():
    return tf.placeholder(tf.float32, [None, 3], name='x')


def dense(x, use_resource, units=2):
    with tf.variable_scope('dense', use_resource=use_resource, initializer=tf.random_normal_initializer(seed=1)):
        weights = tf.get_variable('weights', [int(x.shape[-1]), units])
        bias = tf.get_variable('bias', [units], trainable=False)
    return tf.matmul(x, weights) + bias


@kind
def linear_ref(export):
    x = rows()
    return serve({'x': x}, {'y': dense(x, False)})


@kind
def linear_resource(export):
    x = rows()
    return serve({'x': x}, {'y': dense(x, True)})


@kind
def partitioned_ref(export):
    x = rows()
    partitioner = tf.fixed_size_partitioner(2)
    with tf.variable_scope('parts', partitioner=partitioner):
        weights = tf.get_variable('weights', [3, 4])
    return serve({'x': x}, {'y': tf.matmul(x, weights)})


@kind
def embedding_ref(export):
    ids = tf.placeholder(tf.int64, [None], name='ids')
    return serve({'ids': ids}, {'y': tf.nn.embedding_lookup(tf.get_variable('table', [7, 3]), ids)})


@kind
def embedding_resource(export):
    ids = tf.placeholder(tf.int64, [None], name='ids')
    table = tf.get_variable('table', [7, 3], use_resource=True)
    return serve({'ids': ids}, {'y': tf.nn.embedding_lookup(table, ids)})


@kind
def batch_norm_ref(export):
    x = rows()
    return serve({'x': x}, {'y': tf.layers.batch_normalization(tf.layers.dense(x, 4), training=False)})


@kind
def convolution(export):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], name='x')
    hidden = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu)
    return serve({'x': x}, {'y': tf.layers.dense(tf.layers.flatten(hidden), 2)})


def counter(use_resource):
    count = tf.get_variable('count', initializer=3.0, use_resource=use_resource)
    delta = tf.placeholder(tf.float32, [], name='delta')
    return {
        'get': ({}, {'y': tf.identity(count)}, PREDICT),
        'add': ({'delta': delta}, {'y': tf.identity(tf.assign_add(count, delta))}, PREDICT),
    }


@kind
def counter_ref(export):
    return counter(False)


@kind
def counter_resource(export):
    return counter(True)


@kind
def variable_as_output(export):
    x = rows()
    weights = tf.get_variable('weights', [3, 2])
    return serve({'x': x}, {'y': tf.matmul(x, weights), 'weights': weights})


@kind
def scatter_ref(export):
    table = tf.get_variable('table', initializer=[1.0, 2.0, 3.0])
    x = tf.placeholder(tf.float32, [None], name='x')
    with tf.control_dependencies([tf.scatter_update(table, [0, 2], [5.0, 7.0])]):
        return serve({'x': x}, {'y': x + tf.reduce_sum(table.read_value())})


@kind
def local_variable_main_op(export):
    x = rows()
    local = tf.get_local_variable('local', initializer=[1.0, 2.0, 3.0])
    export.main_op = tf.group(tf.local_variables_initializer())
    return serve({'x': x}, {'y': x * local})


def dtype_kind(name, dtype, value):
    use_resource = name.endswith('resource')

    def build(export):
        constant = tf.cast(tf.constant(value), dtype) if dtype != tf.string else tf.constant(value)
        variable = tf.get_variable('v', initializer=constant, use_resource=use_resource)
        x = tf.placeholder(dtype, [2], name='x')
        if dtype == tf.string:
            return serve({'x': x}, {'y': tf.string_join([x, variable])})
        if dtype == tf.bool:
            return serve({'x': x}, {'y': tf.logical_and(x, variable)})
        return serve({'x': x}, {'y': x + variable})

    build.__name__ = name
    kind(build)


for suffix in ('ref', 'resource'):
    dtype_kind('float16_' + suffix, tf.float16, [1.5, 2.5])
    dtype_kind('bfloat16_' + suffix, tf.bfloat16, [1.5, 2.5])
    dtype_kind('float64_' + suffix, tf.float64, [1.5, 2.5])
    dtype_kind('int64_' + suffix, tf.int64, [1, 2])
    dtype_kind('complex64_' + suffix, tf.complex64, [1.5, 2.5])
    dtype_kind('bool_' + suffix, tf.bool, [True, False])
dtype_kind('int8_ref', tf.int8, [1, 2])
dtype_kind('string_ref', tf.string, ['one', 'two'])


@kind
def table_of_constants(export):
    words = tf.placeholder(tf.string, [None], name='words')
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(WORDS, list(range(4))), -1)
    export.main_op = tf.tables_initializer()
    return serve({'words': words}, {'ids': table.lookup(words)})


@kind
def table_of_a_file(export):
    words = tf.placeholder(tf.string, [None], name='words')
    table = tf.contrib.lookup.index_table_from_file(export.file('vocabulary.txt', WORDS), num_oov_buckets=2)
    export.main_op = tf.tables_initializer()
    return serve({'words': words}, {'ids': table.lookup(words)})


@kind
def table_to_strings(export):
    ids = tf.placeholder(tf.int64, [None], name='ids')
    table = tf.contrib.lookup.index_to_string_table_from_file(export.file('labels.txt', WORDS), default_value='?')
    export.legacy_init_op = tf.tables_initializer()
    return serve({'ids': ids}, {'words': table.lookup(ids)})


@kind
def table_without_init_op(export):
    words = tf.placeholder(tf.string, [None], name='words')
    table = tf.contrib.lookup.index_table_from_tensor(tf.constant(WORDS), default_value=-1)
    return serve({'words': words}, {'ids': table.lookup(words)})


@kind
def table_mutable(export):
    words = tf.placeholder(tf.string, [None], name='words')
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1, checkpoint=True)
    export.before = [table.insert(tf.constant(WORDS), tf.constant([4, 3, 2, 1], tf.int64))]
    return serve({'words': words}, {'ids': table.lookup(words)})


@kind
def table_mutable_dense(export):
    ids = tf.placeholder(tf.int64, [None], name='ids')
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.float32, [0.0, 0.0], empty_key=-1, deleted_key=-2, checkpoint=True
    )
    export.before = [table.insert(tf.constant([1, 2], tf.int64), [[1.0, 2.0], [3.0, 4.0]])]
    return serve({'ids': ids}, {'y': table.lookup(ids)})


@kind
def asset_that_is_read(export):
    x = tf.placeholder(tf.string, [None], name='x')
    path = tf.constant(export.file('greeting.txt', ['hello']))
    tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, path)
    return serve({'x': x}, {'y': tf.string_join([tf.read_file(path), x])})


@kind
def sparse_input(export):
    x = tf.sparse_placeholder(tf.float32, [None, 3], name='x')
    return serve({'x': x}, {'y': tf.sparse_tensor_dense_matmul(x, tf.get_variable('w', [3, 2]))})


@kind
def sparse_output(export):
    x = tf.placeholder(tf.string, [None], name='x')
    return serve({'x': x}, {'words': tf.string_split(x)})


@kind
def sparse_embedding(export):
    ids = tf.sparse_placeholder(tf.int64, [None, None], name='ids')
    table = tf.get_variable('table', [7, 3])
    return serve({'ids': ids}, {'y': tf.nn.embedding_lookup_sparse(table, ids, None, combiner='mean')})


@kind
def ragged_input(export):
    x = tf.ragged.placeholder(tf.float32, 1, name='x')
    return serve({'x': x}, {'y': tf.reduce_sum(x, axis=1)})


@kind
def examples(export):
    serialized = tf.placeholder(tf.string, [None], name='examples')
    features = {
        'a': tf.FixedLenFeature([3], tf.float32, default_value=[0.0, 0.0, 0.0]),
        'b': tf.VarLenFeature(tf.int64),
    }
    parsed = tf.parse_example(serialized, features)
    count = tf.cast(tf.sparse_reduce_sum(parsed['b'], axis=1), tf.float32)
    scores = tf.nn.softmax(dense(tf.reshape(parsed['a'], [-1, 3]), False))
    classes = tf.tile([['no', 'yes']], [tf.size(serialized), 1])
    return {
        'serving_default': ({'inputs': serialized}, {'scores': scores, 'classes': classes}, CLASSIFY),
        'regression': ({'inputs': serialized}, {'outputs': scores[:, :1] + count[:, None]}, REGRESS),
        'predict': ({'examples': serialized}, {'scores': scores}, PREDICT),
    }


def control_flow(name, build, version):
    def with_version(export):
        (tf.enable_control_flow_v2 if version == 2 else tf.disable_control_flow_v2)()
        try:
            return build()
        finally:
            tf.disable_control_flow_v2()

    with_version.__name__ = f'{name}_v{version}'
    kind(with_version)


def loop():
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, weights))), [0, x])
    return serve({'x': x}, {'y': y})


def condition():
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)
    y = tf.cond(tf.reduce_sum(x) > 0, lambda: tf.matmul(x, weights), lambda: -x)
    return serve({'x': x}, {'y': y})


def recurrence():
    x = tf.placeholder(tf.float32, [None, 5, 3], name='x')
    lengths = tf.placeholder(tf.int32, [None], name='lengths')
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(4), x, tf.minimum(lengths, 5), dtype=tf.float32)
    return serve({'x': x, 'lengths': lengths}, {'outputs': outputs, 'c': state.c})


def mapped():
    x = rows()
    return serve({'x': x}, {'y': tf.map_fn(lambda row: tf.cumsum(row), x)})


for number in (1, 2):
    control_flow('while', loop, number)
    control_flow('cond', condition, number)
    control_flow('rnn', recurrence, number)
    control_flow('map', mapped, number)


@kind
def loop_over_ref(export):
    x = rows()
    weights = tf.get_variable('w', [3, 3])
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, weights))), [0, x])
    return serve({'x': x}, {'y': y})


@kind
def function(export):
    x = rows()
    weights = tf.get_variable('w', [3, 3], use_resource=True)

    @tf.function
    def double(value):
        return tf.matmul(value, weights) * 2.0

    return serve({'x': x}, {'y': double(x)})


@kind
def defun(export):
    from tensorflow.python.framework import function as function_lib

    @function_lib.Defun(tf.float32)
    def double(value):
        return value * 2.0

    x = rows()
    doubled = double(x)
    doubled.set_shape(x.shape)
    return serve({'x': x}, {'y': dense(doubled, False)})


@kind
def tags_two(export):
    export.other_tags = [['serve', 'gpu']]
    x = rows()
    return serve({'x': x}, {'y': dense(x, False)})


@kind
def tags_other(export):
    export.tags = ['train', 'special']
    x = rows()
    return serve({'x': x}, {'y': dense(x, False)})


@kind
def device_gpu(export):
    export.device = '/device:GPU:0'
    return linear_ref(export)


@kind
def device_ps(export):
    export.device = '/job:ps/task:0/device:CPU:0'
    return linear_ref(export)


@kind
def default_input(export):
    x = rows()
    scale = tf.placeholder_with_default(2.0, [], name='scale')
    return serve({'x': x, 'scale': scale}, {'y': dense(x, False) * scale})


@kind
def default_that_is_no_input(export):
    x = rows()
    keep = tf.placeholder_with_default(1.0, [], name='keep')
    return serve({'x': x}, {'y': tf.nn.dropout(dense(x, False), keep)})


@kind
def aliases_illegal(export):
    x = rows()
    y = dense(x, False)
    return {'a key with/slashes': ({'in': x, 'a-b/c:0': tf.identity(x)}, {'out put': y, 'class': y + 1}, PREDICT)}


@kind
def input_inside(export):
    serialized = tf.placeholder(tf.string, [None], name='examples')
    x = tf.identity(tf.parse_example(serialized, {'x': tf.FixedLenFeature([3], tf.float32)})['x'])
    return serve({'x': x}, {'y': dense(x, False)})


@kind
def frozen(export):
    x = rows()
    return serve({'x': x}, {'y': tf.matmul(x, tf.constant([[1.0], [2.0], [3.0]]))})


@kind
def no_inputs(export):
    return serve({}, {'y': tf.get_variable('w', [3]) * 2.0})


@kind
def images(export):
    encoded = tf.placeholder(tf.string, [None], name='images')
    decode = lambda each: tf.image.resize_images(tf.image.decode_png(each, channels=3), [4, 4])  # noqa: E731
    pixels = tf.map_fn(decode, encoded, tf.float32)
    return serve({'images': encoded}, {'y': dense(tf.layers.flatten(pixels), False)})


@kind
def keras(export):
    tf.keras.backend.set_session(tf.get_default_session())
    x = tf.keras.Input([3], name='x')
    y = tf.keras.layers.Dense(2)(tf.keras.layers.BatchNormalization()(x))
    return serve({'x': x}, {'y': y})


@kind
def contrib_layers(export):
    x = rows()
    return serve({'x': x}, {'y': tf.contrib.layers.fully_connected(tf.contrib.layers.layer_norm(x), 2)})


@kind
def moving_average(export):
    x = rows()
    weights = tf.get_variable('w', [3, 2])
    averages = tf.train.ExponentialMovingAverage(0.9)
    export.before = [averages.apply([weights])]
    return serve({'x': x}, {'y': tf.matmul(x, averages.average(weights))})


@kind
def trained(export):
    x = rows()
    y = dense(x, False)
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(y**2), tf.train.get_or_create_global_step())
    export.before = [(train, {x: np.ones([4, 3], np.float32)})] * 3
    return serve({'x': x}, {'y': y})


@kind
def queue_beside(export):
    x = rows()
    tf.train.batch([tf.constant(1.0)], 2)
    return serve({'x': x}, {'y': dense(x, False)})


@kind
def python_function(export):
    x = rows()
    y = tf.py_func(lambda value: value * 2, [x], tf.float32)
    return serve({'x': x}, {'y': y})


@kind
def contrib_op(export):
    images = tf.placeholder(tf.float32, [None, 4, 4, 1], name='images')
    return serve({'images': images}, {'y': tf.contrib.image.rotate(images, 0.5)})


NUMERIC = [tf.feature_column.numeric_column('a')]
COLUMNS = [
    tf.feature_column.numeric_column('a'),
    tf.feature_column.indicator_column(tf.feature_column.categorical_column_with_vocabulary_list('word', WORDS)),
]


@estimator
def linear_classifier():
    return tf.estimator.LinearClassifier(COLUMNS)


@estimator
def linear_regressor():
    return tf.estimator.LinearRegressor(COLUMNS)


@estimator
def dnn_classifier():
    return tf.estimator.DNNClassifier([4], COLUMNS, n_classes=3)


@estimator
def dnn_regressor():
    return tf.estimator.DNNRegressor([4], COLUMNS)


@estimator
def wide_and_deep():
    return tf.estimator.DNNLinearCombinedClassifier(
        linear_feature_columns=COLUMNS, dnn_feature_columns=COLUMNS, dnn_hidden_units=[4]
    )


@estimator
def baseline_classifier():
    return tf.estimator.BaselineClassifier()


@estimator
def boosted_trees():
    buckets = [tf.feature_column.bucketized_column(NUMERIC[0], [0.5, 1.5, 2.5])]
    return tf.estimator.BoostedTreesClassifier(buckets, n_batches_per_layer=1, n_trees=1)


@estimator
def custom_model_fn():
    def model_fn(features, labels, mode):
        logits = tf.layers.dense(tf.feature_column.input_layer(features, COLUMNS), 2)
        scores = tf.nn.softmax(logits)
        exports = {'serving_default': tf.estimator.export.ClassificationOutput(scores=scores)}
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions={'scores': scores}, export_outputs=exports)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        train = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)

    return tf.estimator.Estimator(model_fn)


def input_fn():
    features = {'a': [[0.0], [1.0], [2.0], [3.0]], 'word': [[word] for word in WORDS]}
    return tf.data.Dataset.from_tensor_slices((features, [0, 1, 1, 0])).repeat(4).batch(4)


def export_estimator(name, directory):
    made = ESTIMATORS[name]()
    made.train(input_fn, steps=4)
    spec = {'a': tf.FixedLenFeature([1], tf.float32), 'word': tf.FixedLenFeature([1], tf.string)}
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
    os.rename(os.fsdecode(made.export_saved_model(directory + '-files', receiver)), directory)


def export_kind(name, directory):
    export = Export(directory)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        signatures = {
            key: tf.saved_model.build_signature_def(
                {alias: tf.saved_model.build_tensor_info(tensor) for alias, tensor in inputs.items()},
                {alias: tf.saved_model.build_tensor_info(tensor) for alias, tensor in outputs.items()},
                method_name,
            )
            for key, (inputs, outputs, method_name) in KINDS[name](export).items()
        }
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        for step in export.before:
            fetches, feeds = step if isinstance(step, tuple) else (step, None)
            session.run(fetches, feeds)
        builder = tf.saved_model.Builder(directory)
        options = {
            'assets_collection': tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            'main_op': export.main_op,
            'legacy_init_op': export.legacy_init_op,
        }
        builder.add_meta_graph_and_variables(session, export.tags, signatures, **options)
        for tags in export.other_tags:
            builder.add_meta_graph(tags, signatures)
        builder.save()
    if export.device:
        pin(directory, export.device)


def pin(directory, device):
    """Puts all nodes on a device that this machine lacks: a session could not run them while they are exported."""
    path = os.path.join(directory, 'saved_model.pb')
    with open(path, 'rb') as file:
        model = saved_model_pb2.SavedModel.FromString(file.read())
    for node in model.meta_graphs[0].graph_def.node:
        node.device = device
    with open(path, 'wb') as file:
        file.write(model.SerializeToString())


def main(directory, names):
    failed = []
    for name in names or [*KINDS, *ESTIMATORS]:
        try:
            (export_kind if name in KINDS else export_estimator)(name, os.path.join(directory, name))
        except Exception as error:
            failed.append(name)
            print(f'{name}: {type(error).__name__}: {str(error)[:500]}', file=sys.stderr)
    print(f'failed: {failed}')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
