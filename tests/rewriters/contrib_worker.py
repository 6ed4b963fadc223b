"""Evaluates expressions in the TensorFlow of this interpreter, 1.15 or 2, and writes what each of them gives as JSON.

    python contrib_worker.py expressions.json results.json

Runs on Python 3.7 as well, which TensorFlow 1.15 needs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import numpy as np
import tensorflow as tf

TF1 = tf.compat.v1


def main(expressions_path, results_path):
    """Evaluates every expression in a graph of its own."""
    with open(expressions_path) as file:
        expressions = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        files = {'checkpoint': saved(os.path.join(folder, 'model')), 'csv': os.path.join(folder, 'table.csv')}
        with open(files['csv'], 'w') as file:
            file.write('number;name\n1;one\nx;two\n')
        results = [tried(expression, files) for expression in expressions]
    with open(results_path, 'w') as file:
        json.dump(results, file)


def saved(prefix):
    with tf.Graph().as_default(), TF1.Session() as session:
        TF1.get_variable('a', initializer=[1.0, 2.0])
        TF1.get_variable('b', initializer=3)
        session.run(TF1.global_variables_initializer())
        return TF1.train.Saver().save(session, prefix)


def tried(expression, files):
    try:
        return evaluated(expression, files)
    except Exception as error:
        return ['raises', repr(error)]


def evaluated(expression, files):
    """What the expression gives, run twice as a metric must be, and the variables and collections that it made."""
    with tf.Graph().as_default() as graph:
        TF1.set_random_seed(3)
        result = eval(expression, names(files))
        with TF1.Session() as session:
            tables = TF1.tables_initializer()
            session.run([TF1.global_variables_initializer(), TF1.local_variables_initializer()])
            session.run(tables)
            shown = [shown_value(session, result), shown_value(session, result)]
        collections = {
            key: [item.name if is_variable(item) else '' for item in graph.get_collection(key)]
            for key in graph.get_all_collection_keys()
            if key not in ('cond_context', 'while_context')
        }
    return [shown, sorted(collections.items())]


def is_variable(item):
    """Whether it is a variable, and not what an assignment to one gives in TensorFlow 2."""
    return isinstance(item, tf.Variable) and type(item).__name__ != '_UnreadVariable'


def names(files):
    numbers = TF1.data.Dataset.from_tensor_slices(np.arange(10, dtype=np.int64))
    return {
        'tf': tf,
        **files,
        'os': os,
        'probabilities': tf.constant([0.1, 0.8, 0.4, 0.6]),
        'positive': tf.constant([0, 1, 1, 0]),
        'weights': tf.constant([1.0, 2.0, 3.0, 4.0]),
        'classes': tf.constant([0, 2, 1, 2], tf.int64),
        'others': tf.constant([0, 1, 1, 2], tf.int64),
        'scores': tf.constant([[0.1, 0.9, 0.0], [0.3, 0.3, 0.4], [0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]),
        'wanted': tf.constant([[1], [2], [0], [0]], tf.int64),
        'image': tf.reshape(tf.range(24, dtype=tf.float32), [2, 2, 3, 2]),
        'words': tf.constant(['b', 'x', 'a']),
        'numbers': numbers,
        'batches': numbers.batch(4),
        'drain': drained,
        'scoped': scoped,
        'spread': spread,
        'variable': lambda shape, initializer, dtype=tf.float32: TF1.get_variable('v', shape, dtype, initializer),
        'pairs': tf.lookup.KeyValueTensorInitializer(['a', 'b'], [0, 1], tf.string, tf.int64),
    }


def drained(dataset):
    """All elements of a dataset."""
    following = TF1.data.make_one_shot_iterator(dataset).get_next()
    elements = []
    with TF1.Session() as session:
        while True:
            try:
                elements.append(session.run(following))
            except tf.errors.OutOfRangeError:
                return elements


def scoped(get):
    """What `get` finds among variables of several scopes and collections."""
    for scope in ('a', 'b'):
        with TF1.variable_scope(scope):
            TF1.get_variable('one', [1])
            TF1.get_variable('fixed', [1], trainable=False)
            TF1.get_variable('local', [1], collections=['local_variables'])
            TF1.get_variable('model', [1], collections=['variables', 'model_variables'])
    return [variable.name for variable in get()]


def spread(initializer):
    """How far from zero an initializer without a seed goes."""
    drawn = TF1.get_variable('v', [400, 500], initializer=initializer)
    return tf.cast(tf.round(tf.reduce_max(tf.abs(drawn)) * 1e4), tf.int32)


def shown_value(session, value):
    """Text that is equal only where the value is, bit for bit."""
    if isinstance(value, (list, tuple)):
        return [shown_value(session, item) for item in value]
    if isinstance(value, dict):
        return [[key, shown_value(session, value[key])] for key in sorted(value)]
    if isinstance(value, (tf.Tensor, tf.Variable)):
        value = session.run(value)
    if isinstance(value, (np.ndarray, np.generic)):
        exact = repr(value.tolist()) if value.dtype == object else value.tobytes().hex()
        return [str(value.dtype), list(value.shape), exact]
    return repr(value)


if __name__ == '__main__':
    main(*sys.argv[1:])
