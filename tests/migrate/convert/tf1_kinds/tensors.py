"""Inputs and outputs that are no plain tensors: sparse, ragged, tf.Examples, images."""

import tensorflow as tf
from registry import CLASSIFY, PREDICT, REGRESS, dense, kind, serve


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


@kind
def images(export):
    encoded = tf.placeholder(tf.string, [None], name='images')
    decode = lambda each: tf.image.resize_images(tf.image.decode_png(each, channels=3), [4, 4])  # noqa: E731
    pixels = tf.map_fn(decode, encoded, tf.float32)
    return serve({'images': encoded}, {'y': dense(tf.layers.flatten(pixels), False)})
