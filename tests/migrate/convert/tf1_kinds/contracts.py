"""Tag sets, devices, and signatures with something odd about their inputs."""

import tensorflow as tf
from registry import PREDICT, dense, kind, rows, serve
from variables import linear_ref


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
