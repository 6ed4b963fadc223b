"""One old model with many signatures, and a new one in which each signature is wrong in a way of its own.

Starting TensorFlow takes seconds: with all faults in one pair of models, one verification finds them all.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.migrate.verify.models import PREDICT, Signature, export_tf1, export_tf2, serve, set_method_name, v1

WEIGHTS = np.linspace(-1.0, 1.0, 12, dtype=np.float32).reshape(4, 3)
VOCABULARY = [b'apple', b'pear', b'plum\xff', b'fig\0']
ROWS = (tf.float32, [None, 4])
WORDS = (tf.string, [None])


def _rows() -> tf.Tensor:
    return v1.placeholder(tf.float32, [None, 4])


def export_old(directory: Path) -> Path:
    return export_tf1(directory, _old_signatures)


def export_new(directory: Path) -> Path:
    weights, words = tf.Variable(WEIGHTS), _table(VOCABULARY)
    changed = WEIGHTS.copy()
    changed[2, 1] += 1e-3
    short = _table([*VOCABULARY[:3], b'prune'])
    ids = tf.Variable(np.arange(20, dtype=np.float32).reshape(10, 2))
    counter, metric = tf.Variable(0.0), tf.Variable(1.0)
    functions = {
        'fine': serve(lambda x: {'y': x @ weights}, x=ROWS),
        'fine_words': serve(lambda w: {'id': words.lookup(w), 'w': w}, w=WORDS),
        'fine_ids': serve(lambda i: {'y': tf.gather(ids, i)}, i=(tf.int64, [None])),
        'fine_counter': serve(lambda by: {'total': counter.assign_add(by)}, by=(tf.float32, [])),
        'fine_types': serve(_types, x=(tf.float32, [None])),
        'fine_example': serve(lambda e: _parsed(e, tf.io.parse_example), e=WORDS),
        'fine_default': serve(lambda x: {'y': x + 1}, x=(tf.float32, [2])),
        'constant': serve(lambda x: {'y': x @ changed}, x=ROWS),
        'renamed': serve(lambda x: {'z': x @ weights}, x=ROWS),
        'label': serve(lambda w: {'id': short.lookup(w)}, w=WORDS),
        'transposed': serve(lambda x: {'y': tf.transpose(x)}, x=(tf.float32, [3, 3])),
        'dtype': serve(lambda x: {'y': tf.cast(x, tf.float64)}, x=ROWS),
        'narrow': serve(lambda x: {'y': x + 1}, x=(tf.float32, [1, 4])),
        'flat': serve(lambda x: {'y': x + 1}, x=(tf.float32, [4])),
        'flat_wrong': serve(lambda x: {'y': x + 2}, x=(tf.float32, [4])),
        'five_rows': serve(lambda x: {'y': x + 1}, x=(tf.float32, [5, 4])),
        'nan': serve(lambda x: {'y': tf.where(x > 1, np.nan, x)}, x=ROWS),
        'one_row': serve(_one_row_off, x=ROWS),
        'limit': serve(lambda x: {'y': tf.minimum(tf.reduce_sum(x, 1), 5000.0)}, x=ROWS),
        'limit_in_branch': serve(lambda x: {'y': tf.cond(x[0, 0] > 0, lambda: tf.minimum(x, 5e3), lambda: x)}, x=ROWS),
        'limit_in_loop': serve(lambda x: {'y': tf.map_fn(lambda row: tf.minimum(row, 5e3), x)}, x=ROWS),
        'random': serve(lambda x: {'y': x + tf.random.uniform([4])}, x=ROWS),
        'dropout': serve(lambda x: {'y': tf.nn.dropout(x, 0.5)}, x=ROWS),
        'refuses': serve(lambda x: {'y': tf.reshape(x, [2, 4])}, x=ROWS),
        'both_fail': serve(lambda x: {'y': tf.reshape(x, [400])}, x=ROWS),
        'forgets': serve(lambda by: {'total': by}, by=(tf.float32, [])),
        'fine_metric': serve(lambda by: _metric(metric, by), by=(tf.float32, [])),
        'metric_value': serve(lambda by: _metric(metric, by, offset=0.01), by=(tf.float32, [])),
        'metric_update': serve(lambda by: {'value': metric * 2, 'update_op': metric + by}, by=(tf.float32, [])),
        'empty': serve(lambda x: {'y': x[:0]}, x=ROWS),
        'extra': serve(lambda x: {'y': x}, x=ROWS),
        'mask': serve(lambda x: {'y': _masked(x) + 0.01}, x=ROWS),
        'classify': serve(lambda x: {'scores': x}, x=ROWS),
    }
    export_tf2(directory, functions, weights=weights, words=words, short=short, ids=ids, counter=counter, metric=metric)
    set_method_name(directory, 'fine', 'tensorflow/serving/regress')
    return directory


def _old_signatures() -> dict[str, Signature]:
    weights = v1.get_variable('weights', initializer=WEIGHTS)
    ids = v1.get_variable('ids', initializer=np.arange(20, dtype=np.float32).reshape(10, 2))
    table = _table(VOCABULARY)
    signatures = {}
    for key in ('constant', 'renamed', 'fine', 'missing'):
        x = _rows()
        method_name = 'tensorflow/serving/regress' if key == 'fine' else PREDICT
        signatures[key] = ({'x': x}, {'y': x @ weights}, method_name)
    for key in ('fine_counter', 'forgets'):
        by = v1.placeholder(tf.float32, [])
        counter = v1.get_variable(key, initializer=0.0, use_resource=True)
        signatures[key] = ({'by': by}, {'total': tf.identity(counter.assign_add(by))}, PREDICT)
    for key in ('fine_metric', 'metric_value', 'metric_update'):
        by = v1.placeholder(tf.float32, [])
        metric = v1.Variable(1.0, name=key, use_resource=False)
        # In no order: what `value` is in a call of both is up to chance.
        signatures[key] = ({'by': by}, {'value': metric * 2, 'update_op': metric.assign_add(by)}, PREDICT)
    for key in ('fine_words', 'label'):
        w = v1.placeholder(tf.string, [None])
        outputs = {'id': table.lookup(w)} | ({'w': tf.identity(w)} if key == 'fine_words' else {})
        signatures[key] = ({'w': w}, outputs, PREDICT)
    i = v1.placeholder(tf.int64, [None])
    signatures['fine_ids'] = ({'i': i}, {'y': tf.gather(ids, i)}, PREDICT)
    x = v1.placeholder(tf.float32, [None])
    signatures['fine_types'] = ({'x': x}, _types(x), PREDICT)
    e = v1.placeholder(tf.string, [None])
    signatures['fine_example'] = ({'e': e}, _parsed(e, v1.parse_example), PREDICT)
    x = v1.placeholder_with_default([1.0, 2.0], [2])
    signatures['fine_default'] = ({'x': x}, {'y': x + 1}, PREDICT)
    x = v1.placeholder(tf.float32, [3, 3])
    signatures['transposed'] = ({'x': x}, {'y': tf.identity(x)}, PREDICT)
    for key, function in {
        'dtype': tf.identity,
        'narrow': lambda x: x + 1,
        'flat': lambda x: x + 1,
        'flat_wrong': lambda x: x + 1,
        'five_rows': lambda x: x + 1,
        'nan': tf.identity,
        'one_row': lambda x: x * 2,
        'limit': lambda x: tf.reduce_sum(x, 1),
        'limit_in_branch': tf.identity,
        'limit_in_loop': tf.identity,
        'random': lambda x: x + v1.random_uniform([4]),
        'dropout': tf.identity,
        'refuses': tf.identity,
        'both_fail': lambda x: tf.reshape(x, [400]),
        'empty': lambda x: x[:0],
        'mask': lambda x: _masked(x),
    }.items():
        x = _rows()
        signatures[key] = ({'x': x}, {'y': function(x)}, PREDICT)
    x = _rows()
    signatures['classify'] = ({'x': x}, {'scores': tf.identity(x)}, 'tensorflow/serving/classify')
    return signatures


def _metric(variable: tf.Variable, by: tf.Tensor, offset: float = 0.0) -> dict[str, tf.Tensor]:
    after = variable.assign_add(by)
    return {'value': after * 2 + offset, 'update_op': after}


def _table(words: list[bytes]) -> tf.lookup.StaticHashTable:
    values = tf.range(len(words), dtype=tf.int64)
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(tf.constant(words), values), -1)


def _types(x: tf.Tensor) -> dict[str, tf.Tensor]:
    """Every kind of value that has to survive the way through files."""
    return {
        'bfloat16': tf.cast(x, tf.bfloat16),
        'float16': tf.cast(x, tf.float16),
        'complex64': tf.complex(x, -x),
        'bool': x > 0,
        'uint8': tf.cast(tf.abs(x), tf.uint8),
        'int64': tf.cast(x * 1e9, tf.int64),
        'infinite': x / 0.0,
        'text': tf.strings.join([tf.strings.as_string(x), tf.constant(b'\xfe\0\0')]),
        'scalar_text': tf.constant(b'\0'),
        'half_nan': tf.where(x > 0, x, np.nan),
    }


def _parsed(examples: tf.Tensor, parse: object) -> dict[str, tf.Tensor]:
    features = {
        'age': v1.FixedLenFeature([2], tf.float32),
        'count': v1.FixedLenFeature([], tf.int64, default_value=7),
        'words': v1.VarLenFeature(tf.string),
    }
    parsed = parse(examples, features)
    return {'age': parsed['age'], 'count': parsed['count'], 'words': tf.sparse.to_dense(parsed['words'], b'')}


def _one_row_off(x: tf.Tensor) -> dict[str, tf.Tensor]:
    """Wrong in the sixth row only: batches of one don't show it."""
    row = tf.range(tf.shape(x)[0])[:, tf.newaxis]
    return {'y': tf.where(row == 5, x * 2.01 + 0.1, x * 2)}


def _masked(x: tf.Tensor) -> tf.Tensor:
    """Numbers of a usual size beside one that would hide any difference under a tolerance relative to the largest."""
    return tf.concat([x, -1e9 * tf.ones_like(x[:, :1])], axis=1)
