"""Models that lost something on the way: their variables, an asset, what fills a table."""

from __future__ import annotations

import shutil
from pathlib import Path

import tensorflow as tf

from tests.migrate.verify.models import PREDICT, Signature, export_tf1, export_tf2, serve, v1


def export(directory: Path) -> None:
    """Writes `reference` and `dead`, `asset` and `no asset`, `fills` and `does not fill`."""
    export_tf1(directory / 'reference', _with_a_reference_variable)
    # Saving again after loading writes a model without the values of reference variables.
    loaded = tf.saved_model.load(str(directory / 'reference'))
    tf.saved_model.save(loaded, str(directory / 'dead'), signatures=loaded.signatures)
    _export_with_asset(directory)
    export_tf1(directory / 'fills', _with_a_table)
    export_tf1(directory / 'does not fill', _with_a_table, main_op=None)


def _with_a_reference_variable() -> dict[str, Signature]:
    x = v1.placeholder(tf.float32, [None])
    weight = v1.Variable(3.0, use_resource=False)
    return {'a': ({'x': x}, {'y': x * weight}, PREDICT), 'b': ({'x': x}, {'y': x + 1}, PREDICT)}


def _with_a_table() -> dict[str, Signature]:
    w = v1.placeholder(tf.string, [None])
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(['red'], tf.constant([7])), -1)
    return {'find': ({'w': w}, {'id': table.lookup(w)}, PREDICT)}


def _export_with_asset(directory: Path) -> None:
    words = directory / 'words.txt'
    words.write_text('red\nblue\n')
    initializer = tf.lookup.TextFileInitializer(str(words), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, -1)
    table = tf.lookup.StaticHashTable(initializer, -1)
    find = serve(lambda w: {'id': table.lookup(w)}, w=(tf.string, [None]))
    good = export_tf2(directory / 'asset', {'find': find}, table=table)
    shutil.copytree(good, directory / 'no asset')
    (directory / 'no asset' / 'assets' / 'words.txt').unlink()
