"""Tables and files of sessions: with their contents, or refused."""

from __future__ import annotations

import os

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
from rewriters.support import session_module  # noqa: E402 - imports TensorFlow
from tests.support.sessions import (  # noqa: E402
    assert_same,
    load_as_object,
    load_in_session,
    read_meta_graph,
    serve,
    signature,
)

WHOLE_LINE, LINE_NUMBER = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER


class TestTables:
    WORDS = np.array([b'a', b'b', b'nowhere'], object)

    @pytest.mark.parametrize('initialised', [True, False])
    def test_of_constants(self, sess, tmp_path, initialised):
        pairs = tf.lookup.KeyValueTensorInitializer(['a', 'b'], tf.range(10, 12, dtype=tf.int64))
        table = tf.lookup.StaticHashTable(pairs, default_value=-5)
        x = tf1.placeholder(tf.string, [None])
        y = table.lookup(x)
        directory = tmp_path / 'model'
        number_of_ops = len(sess.graph.get_operations())
        if initialised:
            sess.run(tf1.tables_initializer())
            serve(sess, directory, {'x': x}, {'y': y}, {'x': self.WORDS})
        else:
            session_module.simple_save(sess, directory, {'x': x}, {'y': y})
        expected = {'y': np.array([10, 11, -5])}
        assert_same(expected, load_in_session(directory, 'serving_default', {'x': self.WORDS}))
        assert_same(expected, load_as_object(directory, 'serving_default', {'x': self.WORDS}))
        assert len(sess.graph.get_operations()) <= number_of_ops + initialised

    @pytest.mark.parametrize('initialised', [True, False])
    def test_of_computed_values(self, sess, tmp_path, initialised):
        variable = tf1.get_variable('v', initializer=np.array([3, 4]))
        pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(['a', 'b']), variable.read_value() * 10)
        table = tf.lookup.StaticHashTable(pairs, default_value=0)
        x = tf1.placeholder(tf.string, [None])
        y = table.lookup(x)
        sess.run(variable.initializer)
        if initialised:
            sess.run(tf1.tables_initializer())
            sess.run(variable.assign([1, 1]))
        session_module.simple_save(sess, tmp_path / 'model', {'x': x}, {'y': y})
        assert_same(
            {'y': np.array([30, 40, 0])}, load_as_object(tmp_path / 'model', 'serving_default', {'x': self.WORDS})
        )

    def test_of_a_file_bring_it_along(self, sess, tmp_path):
        vocabulary = tmp_path / 'words.txt'
        vocabulary.write_text('a\nb\n')
        table = tf.lookup.StaticVocabularyTable(
            tf.lookup.TextFileInitializer(str(vocabulary), tf.string, WHOLE_LINE, tf.int64, LINE_NUMBER),
            num_oov_buckets=3,
        )
        x = tf1.placeholder(tf.string, [None])
        y = table.lookup(x)
        sess.run(tf1.tables_initializer())
        expected = sess.run(y, {x: self.WORDS})
        session_module.simple_save(sess, tmp_path / 'model', {'x': x}, {'y': y})
        vocabulary.unlink()
        (tmp_path / 'model').rename(tmp_path / 'moved')
        assert (tmp_path / 'moved/assets/words.txt').read_text() == 'a\nb\n'
        assert_same({'y': expected}, load_in_session(tmp_path / 'moved', 'serving_default', {'x': self.WORDS}))
        assert_same({'y': expected}, load_as_object(tmp_path / 'moved', 'serving_default', {'x': self.WORDS}))

    def test_of_a_file_with_columns(self, sess, tmp_path):
        (tmp_path / 'pairs.csv').write_text('a,1.5\nb,2.5\n')
        initializer = tf.lookup.TextFileInitializer(
            str(tmp_path / 'pairs.csv'), tf.string, 0, tf.float32, 1, vocab_size=2, delimiter=','
        )
        table = tf.lookup.StaticHashTable(initializer, default_value=-1.0)
        x = tf1.placeholder(tf.string, [None])
        sess.run(tf1.tables_initializer())
        serve(sess, tmp_path / 'model', {'x': x}, {'y': table.lookup(x)}, {'x': self.WORDS})

    def test_of_a_file_that_is_gone_or_elsewhere(self, sess, tmp_path):
        vocabulary = tmp_path / 'words.txt'
        vocabulary.write_text('a\nb\n')
        path = tf.constant(str(vocabulary), name='vocabulary')
        tf1.add_to_collection(tf1.GraphKeys.ASSET_FILEPATHS, path)
        lines = tf.lookup.TextFileInitializer(path, tf.string, WHOLE_LINE, tf.int64, LINE_NUMBER)
        table = tf.lookup.StaticHashTable(lines, -1)
        x = tf1.placeholder(tf.string, [None])
        y = table.lookup(x)
        sess.run(tf1.tables_initializer())
        vocabulary.rename(tmp_path / 'elsewhere.txt')
        with pytest.warns(UserWarning, match='words.txt.*is no asset of the new model'):
            serve(sess, tmp_path / 'contents', {'x': x}, {'y': y}, {'x': self.WORDS})
        paths = {'vocabulary:0': str(tmp_path / 'elsewhere.txt')}
        serve(sess, tmp_path / 'file', {'x': x}, {'y': y}, {'x': self.WORDS}, asset_paths=paths)
        assert os.listdir(tmp_path / 'file/assets') == ['elsewhere.txt']
        assert {file.filename for file in read_meta_graph(tmp_path / 'file').asset_file_def} == {'elsewhere.txt'}

    @pytest.mark.parametrize('default', [-1.0, [0.5, 0.25]], ids=['scalars', 'vectors'])
    def test_that_change(self, sess, tmp_path, default):
        table = tf.lookup.experimental.MutableHashTable(tf.string, tf.float32, default)
        x = tf1.placeholder(tf.string, [None])
        values = np.ones([2, *np.shape(default)], np.float32)
        sess.run(table.insert(tf.constant(['a', 'c']), values))
        outputs = {'y': table.lookup(x), 'size': table.size()}
        serve(sess, tmp_path / 'model', {'x': x}, outputs, {'x': self.WORDS})
        with tf.control_dependencies([table.insert(x, tf.zeros([1, *np.shape(default)]))]):
            size = table.size()
        save = {'insert': signature({'x': x}, {'size': size})}
        session_module.save(sess, tmp_path / 'insert', save)
        assert load_as_object(tmp_path / 'insert', 'insert', {'x': self.WORDS[1:2]})['size'] == 3

    def test_that_are_empty(self, sess, tmp_path):
        table = tf.lookup.experimental.MutableHashTable(tf.int64, tf.string, '?')
        x = tf1.placeholder(tf.int64, [None])
        serve(sess, tmp_path / 'model', {'x': x}, {'y': table.lookup(x)}, {'x': np.array([1])})

    def test_that_are_dense(self, sess, tmp_path):
        table = tf.lookup.experimental.DenseHashTable(
            tf.int64, tf.int64, default_value=-7, empty_key=-1, deleted_key=-2
        )
        x = tf1.placeholder(tf.int64, [None])
        sess.run(table.insert(np.array([1, 5]), np.array([10, 50])))
        serve(sess, tmp_path / 'model', {'x': x}, {'y': table.lookup(x)}, {'x': np.array([5, 6, 1])})

    def test_that_are_dense_and_had_rows_removed(self, sess, tmp_path):
        table = tf.lookup.experimental.DenseHashTable(
            tf.int64, tf.float32, default_value=[0.0, -1.0], empty_key=[-1, -1], deleted_key=[-2, -2]
        )
        rows = np.array([[1, 2], [3, 4], [5, 6]])
        x = tf1.placeholder(tf.int64, [None, 2])
        sess.run(table.insert(rows, np.arange(6, dtype=np.float32).reshape([3, 2])))
        sess.run(table.remove(rows[1:2]))
        serve(sess, tmp_path / 'model', {'x': x}, {'y': table.lookup(x), 'size': table.size()}, {'x': rows})
        with tf.control_dependencies([table.insert(x, [[7.0, 8.0]])]):
            size = table.size()
        session_module.simple_save(sess, tmp_path / 'insert', {'x': x}, {'size': size})
        assert load_as_object(tmp_path / 'insert', 'serving_default', {'x': rows[1:2]})['size'] == 3

    def test_of_the_kind_before_resources(self, sess, tmp_path):
        static = tf.raw_ops.HashTable(key_dtype=tf.string, value_dtype=tf.int64)
        fill = tf.raw_ops.InitializeTable(table_handle=static, keys=['a', 'b'], values=np.array([1, 2]))
        changing = tf.raw_ops.MutableHashTable(key_dtype=tf.string, value_dtype=tf.int64)
        insert = tf.raw_ops.LookupTableInsert(table_handle=changing, keys=['b'], values=np.array([9]))
        x = tf1.placeholder(tf.string, [None])
        find = tf.raw_ops.LookupTableFind
        outputs = {
            'static': find(table_handle=static, keys=x, default_value=np.int64(-1)),
            'changing': find(table_handle=changing, keys=x, default_value=np.int64(-2)),
        }
        sess.run([fill, insert])
        serve(sess, tmp_path / 'model', {'x': x}, outputs, {'x': self.WORDS})

    def test_made_by_functions(self, sess, tmp_path):
        """As TensorFlow Transform does."""

        @tf.function
        def create():
            return tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64, shared_name='made')

        handle = tf.function(lambda: tf.identity(create()))()
        assert handle.op.type.endswith('PartitionedCall')
        fill = tf.raw_ops.LookupTableImportV2(table_handle=handle, keys=['a'], values=np.array([4]))
        x = tf1.placeholder(tf.string, [None])
        y = tf.raw_ops.LookupTableFindV2(table_handle=handle, keys=x, default_value=np.int64(-1))
        sess.run(fill)
        serve(sess, tmp_path / 'model', {'x': x}, {'y': y}, {'x': self.WORDS})

    def test_without_contents_are_refused(self, sess, tmp_path):
        x = tf1.placeholder(tf.string, [None])
        keys = tf1.placeholder(tf.string, [None])
        table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(keys, tf.strings.upper(keys), tf.string), ''
        )
        with pytest.raises(ValueError, match='no value in this session'):
            session_module.simple_save(sess, tmp_path / 'model', {'x': x}, {'y': table.lookup(x)})


class TestAssets:
    def test_that_a_signature_reads(self, sess, tmp_path):
        file = tmp_path / 'greeting.txt'
        file.write_text('hello')
        path = tf.constant(str(file))
        x = tf1.placeholder(tf.string, [])
        y = tf.strings.join([tf.io.read_file(path), x])
        signatures = {'s': signature({'x': x}, {'y': y})}
        session_module.save(sess, tmp_path / 'model', signatures, assets_collection=[path])
        file.unlink()
        (tmp_path / 'model').rename(tmp_path / 'moved')
        assert load_in_session(tmp_path / 'moved', 's', {'x': '!'}) == {'y': b'hello!'}
        assert load_as_object(tmp_path / 'moved', 's', {'x': '!'}) == {'y': b'hello!'}
        with pytest.raises(FileNotFoundError, match=r'greeting\.txt is not there'):
            session_module.save(sess, tmp_path / 'model', signatures, assets_collection=[path])

    def test_that_no_signature_reads_come_along(self, sess, tmp_path):
        for name in ('one', 'two'):
            (tmp_path / name).mkdir()
            (tmp_path / name / 'foo.txt').write_text(name)
            tf1.add_to_collection(tf1.GraphKeys.ASSET_FILEPATHS, tf.constant(str(tmp_path / name / 'foo.txt')))
        x = tf1.placeholder(tf.float32, [])
        session_module.simple_save(sess, tmp_path / 'model', {'x': x}, {'y': x + 1})
        assert sorted(file.read_text() for file in (tmp_path / 'model/assets').iterdir()) == ['one', 'two']

    def test_are_constants(self, sess, tmp_path):
        path = tf1.placeholder(tf.string, [], 'path')
        x = tf1.placeholder(tf.float32, [])
        with pytest.raises(ValueError, match="not a constant: 'path:0'"):
            session_module.save(
                sess, tmp_path / 'm', {'s': signature({'x': x}, {'y': x + 1})}, assets_collection=[path]
            )
