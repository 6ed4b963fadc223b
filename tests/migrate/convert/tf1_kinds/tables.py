"""Tables, of constants and of files, and other assets."""

import tensorflow as tf
from registry import WORDS, kind, serve


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
