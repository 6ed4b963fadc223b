"""Variables of each sort and dtype, and what is done to them."""

import tensorflow as tf
from registry import PREDICT, dense, kind, rows, serve


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
def evaluation(export):
    """As Estimators export for EVAL: `value` reads what `update_op` changes, in no order."""
    x, labels = rows(), tf.placeholder(tf.int64, [None], name='labels')
    value, update = tf.metrics.accuracy(labels, tf.argmax(dense(x, False), 1))
    export.main_op = tf.local_variables_initializer()
    outputs = {'metrics/accuracy/value': value, 'metrics/accuracy/update_op': update}
    return {'eval': ({'x': x, 'labels': labels}, outputs, 'tensorflow/supervised/eval')}
