"""Sessions become TensorFlow 2 models that serve the same, for clients of both kinds."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
from rewriters.support import session_module  # noqa: E402 - imports TensorFlow

PREDICT = 'tensorflow/serving/predict'
WHOLE_LINE, LINE_NUMBER = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER


@pytest.fixture
def sess():
    with tf.Graph().as_default(), tf1.Session() as session:
        yield session


def in_eager_mode(function, *arguments):
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, *arguments).result()


def signature(inputs, outputs, method_name=PREDICT):
    def infos(tensors):
        return {name: tf1.saved_model.build_tensor_info(tensor) for name, tensor in tensors.items()}

    return tf1.saved_model.build_signature_def(infos(inputs), infos(outputs), method_name)


def run_in_session(session, signature_def, feeds):
    """What a client gets that feeds and fetches what a signature names. Feeds by `x`, or `x_indices` and so on."""
    places = session_module._tensor_names(signature_def.inputs)
    return session.run(session_module._tensor_names(signature_def.outputs), {places[k]: v for k, v in feeds.items()})


def load_in_session(directory, key, feeds, tags=('serve',)):
    with tf.Graph().as_default(), tf1.Session() as session:
        loaded = tf1.saved_model.load(session, list(tags), str(directory))
        return run_in_session(session, loaded.signature_def[key], feeds)


def load_as_object(directory, key, feeds):
    def run():
        model = tf.saved_model.load(str(directory))
        values = model.signatures[key](**{name: tf.constant(value) for name, value in feeds.items()})
        return {name: part.numpy() for alias, value in values.items() for name, part in dense_parts(alias, value)}

    return in_eager_mode(run)


def dense_parts(alias, value):
    if isinstance(value, tf.SparseTensor):
        return [(f'{alias}_{part}', getattr(value, part)) for part in ('indices', 'values', 'dense_shape')]
    if isinstance(value, tf.RaggedTensor):
        return [
            (f'{alias}_component_{i}', part) for i, part in enumerate([value.flat_values, *value.nested_row_splits])
        ]
    return [(alias, value)]


def assert_same(left, right):
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_array_equal(np.asarray(left[name]), np.asarray(right[name]), err_msg=name)
        assert np.asarray(left[name]).dtype == np.asarray(right[name]).dtype


def save_and_compare(sess, directory, signatures, feeds, **options):
    """Saves, and compares what clients of both kinds get with what the session gives, before and after."""
    before = {key: run_in_session(sess, signatures[key], feeds[key]) for key in feeds}
    session_module.save(sess, directory, signatures, **options)
    for key in feeds:
        assert_same(before[key], run_in_session(sess, signatures[key], feeds[key]))
        assert_same(before[key], load_in_session(directory, key, feeds[key], options.get('tags', ('serve',))))
        assert_same(before[key], load_as_object(directory, key, feeds[key]))


def serve(sess, directory, inputs, outputs, feeds, **options):
    signatures = {'serving_default': signature(inputs, outputs)}
    save_and_compare(sess, directory, signatures, {'serving_default': feeds}, **options)


def read_meta_graph(directory):
    from tensorflow.core.protobuf import saved_model_pb2

    return saved_model_pb2.SavedModel.FromString((Path(directory) / 'saved_model.pb').read_bytes()).meta_graphs[0]


def linear(x, use_resource=True):
    with tf1.variable_scope('linear', use_resource=use_resource):
        weights = tf1.get_variable('weights', initializer=[[1.5], [-2.0]])
        bias = tf1.get_variable('bias', initializer=[0.25], trainable=False)
    return tf.matmul(x, weights) + bias


ROWS = np.array([[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5]], np.float32)


class TestVariables:
    @pytest.mark.parametrize('use_resource', [True, False], ids=['resource', 'reference'])
    def test_become_resource_variables_of_the_loaded_object(self, sess, tmp_path, use_resource):
        x = tf1.placeholder(tf.float32, [None, 2])
        y = linear(x, use_resource)
        sess.run(tf1.global_variables_initializer())
        serve(sess, tmp_path / 'model', {'x': x}, {'y': y}, {'x': ROWS})

        def inspect():
            model = tf.saved_model.load(str(tmp_path / 'model'))
            assert [v.name for v in model.variables] == ['linear/weights:0', 'linear/bias:0']
            assert [v.name for v in model.trainable_variables] == ['linear/weights:0']
            assert all(not v.trainable for v in model.variables if 'bias' in v.name)
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model.signatures['serving_default'](x=tf.constant(ROWS))['y'])
            (gradient,) = tape.gradient(loss, model.trainable_variables)
            np.testing.assert_array_equal(gradient, ROWS.sum(axis=0)[:, None])
            model.trainable_variables[0].assign([[0.0], [0.0]])
            return model.signatures['serving_default'](x=tf.constant(ROWS))['y'].numpy()

        np.testing.assert_array_equal(in_eager_mode(inspect), np.full([3, 1], 0.25))

    def test_keep_trained_values_and_leave_out_what_serves_nothing(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None, 2])
        y = linear(x)
        train = tf1.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(y**2), tf1.train.get_or_create_global_step())
        sess.run(tf1.global_variables_initializer())
        for _ in range(3):
            sess.run(train, {x: ROWS})
        serve(sess, tmp_path / 'model', {'x': x}, {'y': y}, {'x': ROWS})
        assert len(in_eager_mode(tf.saved_model.load, str(tmp_path / 'model')).variables) == 2

    @pytest.mark.parametrize('use_resource', [True, False], ids=['resource', 'reference'])
    @pytest.mark.parametrize(
        ('dtype', 'value'),
        [
            (tf.string, [b'a', b'\xff\x00b', b'']),
            (tf.bool, [True, False]),
            (tf.int64, 7),
            (tf.bfloat16, [1.5, 2.5]),
            (tf.complex64, [1 + 2j]),
            (tf.float64, []),
        ],
        ids=lambda value: getattr(value, 'name', ''),
    )
    def test_have_any_dtype(self, sess, tmp_path, dtype, value, use_resource):
        variable = tf1.get_variable('v', initializer=tf.constant(value, dtype), use_resource=use_resource)
        x = tf1.placeholder(tf.int32, [])
        sess.run(variable.initializer)
        serve(sess, tmp_path / 'model', {'x': x}, {'y': tf.identity(variable), 'x': x + 1}, {'x': np.int32(1)})

    def test_of_changing_shape_keep_their_shape_open(self, sess, tmp_path):
        variable = tf1.get_variable(
            'v', initializer=np.zeros([2], np.float32), validate_shape=False, use_resource=False
        )
        sess.run(variable.initializer)
        sess.run(tf1.assign(variable, [1.0, 2.0, 3.0], validate_shape=False))
        serve(sess, tmp_path / 'model', {}, {'y': variable * 2.0}, {})

    def test_that_are_partitioned(self, sess, tmp_path):
        table = tf1.get_variable('v', [5, 2], partitioner=tf1.fixed_size_partitioner(2))
        ids = tf1.placeholder(tf.int64, [None])
        sess.run(tf1.global_variables_initializer())
        y = tf.nn.embedding_lookup(table, ids)
        serve(sess, tmp_path / 'model', {'ids': ids}, {'y': y}, {'ids': np.array([0, 4, 2])})

    @pytest.mark.parametrize('use_resource', [True, False], ids=['resource', 'reference'])
    def test_can_be_outputs_themselves(self, sess, tmp_path, use_resource):
        variable = tf1.get_variable('v', initializer=[1.0, 2.0], use_resource=use_resource)
        sess.run(variable.initializer)
        session_module.save(sess, tmp_path / 'model', {'s': signature({}, {'v': variable, 'twice': variable * 2.0})})
        expected = {'v': np.array([1, 2], np.float32), 'twice': np.array([2, 4], np.float32)}
        assert_same(expected, load_in_session(tmp_path / 'model', 's', {}))
        assert_same(expected, load_as_object(tmp_path / 'model', 's', {}))
        assert read_meta_graph(tmp_path / 'model').signature_def['s'].outputs['v'].dtype == tf.float32.as_datatype_enum

    def test_without_a_value_are_refused(self, sess, tmp_path):
        for use_resource in (True, False):
            variable = tf1.get_variable(f'v{use_resource}', [2], use_resource=use_resource)
            with pytest.raises(ValueError, match=f'no value in this session: .*v{use_resource}'):
                session_module.save(sess, tmp_path / 'model', {'s': signature({}, {'y': variable + 1.0})})
        assert not list(tmp_path.iterdir())


class TestAssignments:
    """Signatures that change reference variables, which TensorFlow 2 cannot load."""

    def calls(self, directory, keys):
        def run():
            model = tf.saved_model.load(str(directory))
            return [{name: value.numpy().tolist() for name, value in model.signatures[key]().items()} for key in keys]

        return in_eager_mode(run)

    @pytest.mark.parametrize('use_resource', [True, False])
    def test_of_a_counter(self, sess, tmp_path, use_resource):
        counter = tf1.get_variable('counter', initializer=0.0, use_resource=use_resource)
        sess.run(counter.initializer)
        signatures = {
            'get': signature({}, {'out': counter}),
            'increment': signature({}, {'out': tf1.assign_add(counter, 1.0)}),
            'decrement': signature({}, {'out': tf.identity(tf1.assign_sub(counter, 0.25))}),
            'reset': signature({}, {'out': tf1.assign(counter, 10.0)}),
        }
        session_module.save(sess, tmp_path / 'model', signatures)
        keys = ['get', 'increment', 'increment', 'decrement', 'reset', 'get']
        assert [call['out'] for call in self.calls(tmp_path / 'model', keys)] == [0.0, 1.0, 2.0, 1.75, 10.0, 10.0]
        assert sess.run(counter) == 0.0

    @pytest.mark.parametrize('use_resource', [True, False])
    def test_come_after_the_reads_that_are_in_no_order_with_them(self, sess, tmp_path, use_resource):
        total = tf1.get_variable('total', initializer=1.0, use_resource=use_resource)
        sess.run(total.initializer)
        read = tf.identity(total)
        signatures = {
            'eval': signature({}, {'value': read * 2.0, 'update_op': tf.identity(tf1.assign_add(total, 1.0))})
        }
        session_module.save(sess, tmp_path / 'model', signatures)
        expected = [{'value': 2.0 * count, 'update_op': count + 1.0} for count in range(1, 31)]
        assert self.calls(tmp_path / 'model', ['eval'] * 30) == expected

    def test_are_seen_by_who_waits_for_them(self, sess, tmp_path):
        variable = tf1.get_variable('v', initializer=[1.0, 2.0, 3.0], use_resource=False)
        other = tf1.get_variable('w', initializer=[5.0, 5.0, 5.0], use_resource=False)
        sess.run(tf1.global_variables_initializer())
        first = tf.identity(variable)
        with tf.control_dependencies([first]):
            update = tf1.scatter_update(variable, [1], [7.0])
        with tf.control_dependencies([update]):
            second = variable.read_value()
            copied = tf1.assign(other, variable)
        with tf.control_dependencies([copied.op]):
            third = other.read_value()
        signatures = {'s': signature({}, {'first': first, 'second': second, 'third': third})}
        session_module.save(sess, tmp_path / 'model', signatures)
        after = [1.0, 7.0, 3.0]
        assert self.calls(tmp_path / 'model', ['s']) == [{'first': [1.0, 2.0, 3.0], 'second': after, 'third': after}]

    @pytest.mark.parametrize('condition', [True, False])
    def test_inside_a_condition(self, sess, tmp_path, condition):
        tf1.disable_control_flow_v2()
        try:
            variable = tf1.get_variable('v', initializer=1.0, use_resource=False)
            x = tf1.placeholder(tf.bool, [])
            y = tf1.cond(x, lambda: tf1.assign(variable, 3.0) * 2.0, lambda: variable + 0.5)
        finally:
            tf1.enable_control_flow_v2()
        assert 'RefSwitch' in {op.type for op in sess.graph.get_operations()}
        sess.run(variable.initializer)
        session_module.save(sess, tmp_path / 'model', {'s': signature({'x': x}, {'y': y})})
        assert load_as_object(tmp_path / 'model', 's', {'x': condition})['y'] == (6.0 if condition else 1.5)

    def test_by_an_optimizer(self, sess, tmp_path):
        weight = tf1.get_variable('w', initializer=2.0, use_resource=False)
        x = tf1.placeholder(tf.float32, [])
        loss = weight * x
        with tf.control_dependencies([tf1.train.MomentumOptimizer(0.5, 0.9).minimize(loss)]):
            y = tf1.identity(weight)
        sess.run(tf1.global_variables_initializer())
        session_module.save(sess, tmp_path / 'model', {'train': signature({'x': x}, {'y': y})})
        assert load_as_object(tmp_path / 'model', 'train', {'x': np.float32(2.0)})['y'] == sess.run(y, {x: 2.0}) == 1.0

    def test_of_resource_variables(self, sess, tmp_path):
        variable = tf1.get_variable('v', initializer=1.0, use_resource=True)
        sess.run(variable.initializer)
        with tf.control_dependencies([variable.assign_add(2.0)]):
            y = variable.read_value()
        session_module.save(sess, tmp_path / 'model', {'s': signature({}, {'y': y})})
        assert self.calls(tmp_path / 'model', ['s', 's']) == [{'y': 3.0}, {'y': 5.0}]

    def test_without_counterpart_are_refused(self, sess, tmp_path):
        variable = tf1.get_variable('v', initializer=1.0, use_resource=False)
        y = tf.raw_ops.IsVariableInitialized(ref=variable._ref())
        sess.run(variable.initializer)
        with pytest.raises(ValueError, match='IsVariableInitialized'):
            session_module.save(sess, tmp_path / 'model', {'s': signature({}, {'y': y})})


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


@pytest.fixture(params=['v1', 'v2'])
def control_flow(request):
    if request.param == 'v2':
        yield 'v2'
    else:
        tf1.disable_control_flow_v2()
        yield 'v1'
        tf1.enable_control_flow_v2()


class TestControlFlow:
    def test_loops_and_conditions(self, sess, tmp_path, control_flow):
        x = tf1.placeholder(tf.float32, [None, 2])
        weights = tf1.get_variable('w', initializer=[[0.5, 0.1], [0.2, 0.4]], use_resource=control_flow == 'v2')
        _, looped = tf1.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.matmul(y, weights)), [0, x])
        y = tf1.cond(tf.reduce_sum(x) > 0, lambda: looped + weights[0], lambda: looped * 2.0)
        mapped = tf1.map_fn(lambda row: row * weights[1], x)
        types = {op.type for op in sess.graph.get_operations()}
        assert types & ({'Enter', 'Switch'} if control_flow == 'v1' else {'While', 'StatelessWhile'})
        sess.run(weights.initializer)
        for sign in (1, -1):
            directory = tmp_path / f'model{sign}'
            serve(sess, directory, {'x': x}, {'y': y, 'mapped': mapped}, {'x': sign * np.abs(ROWS)})

    def test_recurrence(self, sess, tmp_path, control_flow):
        x = tf1.placeholder(tf.float32, [None, 4, 2])
        steps = tf.TensorArray(tf.float32, size=4)
        _, steps = tf1.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, tf.tanh(x[:, i]))), [0, steps])
        serve(sess, tmp_path / 'model', {'x': x}, {'y': steps.stack()}, {'x': np.ones([3, 4, 2], np.float32)})

    def test_functions(self, sess, tmp_path):
        variable = tf1.get_variable('v', initializer=2.0, use_resource=True)

        @tf.function
        def inner(value):
            with tf.device('/job:ps/task:1'):
                return value * variable

        @tf.function
        def outer(value):
            return inner(value) + tf.map_fn(inner, value)

        tf.function(lambda value: value - 1.0)(tf.constant(1.0))  # in the graph's library, not in the signature
        x = tf1.placeholder(tf.float32, [None])
        y = outer(x)
        signatures = {
            'a': signature({'x': x}, {'y': y}),
            'b': signature({'x': x}, {'y': inner(x) + tf.map_fn(inner, x)}),
        }
        sess.run(variable.initializer)
        session_module.save(sess, tmp_path / 'model', signatures)
        for key in signatures:
            expected = {'y': np.array([4.0, 8.0], np.float32)}
            assert_same(expected, load_in_session(tmp_path / 'model', key, {'x': [1.0, 2.0]}))
            assert_same(expected, load_as_object(tmp_path / 'model', key, {'x': [1.0, 2.0]}))

        def differentiate():
            model = tf.saved_model.load(str(tmp_path / 'model'))
            with tf.GradientTape() as tape:
                y = model.signatures['b'](x=tf.constant([1.0, 2.0]))['y']
            return tape.gradient(y, model.trainable_variables[0]).numpy()

        assert in_eager_mode(differentiate) == 6.0


class TestInputs:
    def test_that_are_sparse(self, sess, tmp_path):
        x = tf1.sparse_placeholder(tf.float32, [None, 4])
        y = tf1.sparse_placeholder(tf.int64)
        outputs = {'dense': tf.sparse.to_dense(x), 'sparse': tf.sparse.transpose(x), 'values': y.values + 1}
        feeds = {'x_indices': np.array([[0, 1], [2, 3]]), 'x_values': np.array([5, 6], np.float32)}
        feeds |= {'x_dense_shape': np.array([3, 4]), 'y_indices': np.array([[0, 0]]), 'y_values': np.array([8])}
        feeds |= {'y_dense_shape': np.array([1, 1])}
        old = signature({'x': x, 'y': y}, outputs)
        save_and_compare(sess, tmp_path / 'model', {'s': old}, {'s': feeds})
        new = read_meta_graph(tmp_path / 'model').signature_def['s']
        assert new.inputs['x'].WhichOneof('encoding') == new.outputs['sparse'].WhichOneof('encoding') == 'coo_sparse'
        assert new.inputs['x'].tensor_shape == old.inputs['x'].tensor_shape

    def test_that_are_ragged(self, sess, tmp_path):
        x = tf1.ragged.placeholder(tf.float32, 2, [])
        outputs = {'same': x * 2.0, 'sum': tf.reduce_sum(x, axis=2)}
        feeds = {'x_component_0': np.arange(5, dtype=np.float32)}
        feeds |= {'x_component_1': np.array([0, 2, 3]), 'x_component_2': np.array([0, 2, 2, 5])}
        save_and_compare(sess, tmp_path / 'model', {'s': signature({'x': x}, outputs)}, {'s': feeds})
        new = read_meta_graph(tmp_path / 'model').signature_def['s']
        assert (
            new.inputs['x'].WhichOneof('encoding') == new.outputs['same'].WhichOneof('encoding') == 'composite_tensor'
        )

    def test_that_are_sparse_and_share_a_name_with_another(self, sess, tmp_path):
        x = tf1.sparse_placeholder(tf.float32, [None, 4])
        inputs = {'x': x, 'x_values': tf1.placeholder(tf.float32, [])}
        with pytest.raises(ValueError, match='called like another one'):
            session_module.simple_save(sess, tmp_path / 'model', inputs, {'y': x.values + inputs['x_values']})

    def test_with_defaults(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None])
        scale = tf1.placeholder_with_default(3.0, [])
        signatures = {'with': signature({'x': x, 'scale': scale}, {'y': x * scale})}
        signatures['without'] = signature({'x': x}, {'y': x * scale})
        feeds = {'x': np.array([1, 2], np.float32)}
        feeds = {'with': feeds | {'scale': np.float32(5)}, 'without': feeds}
        save_and_compare(sess, tmp_path / 'model', signatures, feeds)

    def test_that_are_computed_in_the_graph(self, sess, tmp_path):
        serialized = tf1.placeholder(tf.string, [None])
        parsed = tf1.parse_example(serialized, {'x': tf.io.FixedLenFeature([1], tf.float32)})['x']
        variable = tf1.get_variable('v', initializer=2.0, use_resource=False)
        other = tf1.get_variable('w', initializer=2.0, use_resource=True)
        both = tf.split(parsed, [1, 0], axis=1)
        sess.run(tf1.global_variables_initializer())
        y = both[0] * variable * other + tf.reduce_sum(both[1])
        example = tf.train.Example()
        example.features.feature['x'].float_list.value.append(3.0)
        feeds = {
            'example': {'x': np.array([example.SerializeToString()], object)},
            'parsed': {'x': np.array([[3.0]], np.float32)},
            'second': {'x': np.array([[3.0]], np.float32), 'split': np.array([[7.0]], np.float32)},
            'read': {'x': np.array([[3.0]], np.float32), 'v': np.float32(7)},
            'reference': {'x': np.array([[3.0]], np.float32), 'v': np.float32(7)},
        }
        signatures = {
            'example': signature({'x': serialized}, {'y': y}),
            'parsed': signature({'x': parsed}, {'y': y}),
            'second': signature({'x': parsed, 'split': both[0]}, {'y': y}),
            'read': signature({'x': parsed, 'v': other.value()}, {'y': parsed * other.value()}),
            'reference': signature({'x': parsed, 'v': variable}, {'y': parsed * variable._ref()}),
        }
        save_and_compare(sess, tmp_path / 'model', signatures, {k: feeds[k] for k in feeds if k not in ('read',)})

    def test_that_are_outputs_or_used_by_none(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None], 'x')
        unused = tf1.placeholder(tf.int32, [])
        constant = tf.constant([1.0, 2.0])
        feeds = {'x': np.array([1, 2], np.float32), 'unused': np.int32(3)}
        serve(sess, tmp_path / 'model', {'x': x, 'unused': unused}, {'x': x, 'y': x, 'z': constant}, feeds)

    def test_with_the_names_of_other_operations(self, sess, tmp_path):
        first = tf1.placeholder(tf.float32, [None], 'first')
        second = tf.multiply(first, 2.0, 'second')
        serve(
            sess,
            tmp_path / 'model',
            {'second': first},
            {'first': second, 'graph': first},
            {'second': np.ones(3, np.float32)},
        )

    ALIASES = ('in', 'x:0', 'my input', 'a/b', '1x', '_x', 'ünï', 'X', 'input_0', 'None', 'args', 'training', 'tensor')

    def test_with_names_that_are_no_identifiers(self, sess, tmp_path):
        inputs = {alias: tf1.placeholder(tf.float32, []) for alias in self.ALIASES}
        outputs = {f'{alias}/out:0': tensor * 2.0 for alias, tensor in inputs.items()}
        feeds = {alias: np.float32(number) for number, alias in enumerate(self.ALIASES)}
        serve(sess, tmp_path / 'model', inputs, outputs, feeds)
        assert set(read_meta_graph(tmp_path / 'model').signature_def['serving_default'].inputs) == set(self.ALIASES)

    @pytest.mark.parametrize('alias', ['self', ''])
    def test_with_names_that_only_sessions_can_use(self, sess, tmp_path, alias):
        x = tf1.placeholder(tf.float32, [])
        with pytest.warns(UserWarning, match="can't call the input"):
            session_module.simple_save(sess, tmp_path / 'model', {alias: x}, {'y': x * 2.0})
        assert load_in_session(tmp_path / 'model', 'serving_default', {alias: 2.0}) == {'y': 4.0}

    def test_take_what_the_graph_takes(self, sess, tmp_path):
        """A signature may state another dtype or shape, or none: TensorFlow 1.0 wrote no shapes."""
        x = tf1.placeholder(tf.float32, [None, 2])
        stated = signature({'x': x}, {'y': x * 2.0})
        for info in (stated.inputs['x'], stated.outputs['y']):
            info.ClearField('tensor_shape')
            info.dtype = tf.int32.as_datatype_enum
        save_and_compare(sess, tmp_path / 'model', {'s': stated}, {'s': {'x': ROWS}})
        new = read_meta_graph(tmp_path / 'model').signature_def['s']
        assert new.inputs['x'].dtype == new.outputs['y'].dtype == tf.float32.as_datatype_enum
        assert [d.size for d in new.inputs['x'].tensor_shape.dim] == [-1, 2]

    def test_that_are_handles_are_refused(self, sess, tmp_path):
        variable = tf1.get_variable('v', initializer=2.0, use_resource=True)
        sess.run(variable.initializer)
        with pytest.raises(ValueError, match="the input 'v' is a handle"):
            session_module.save(sess, tmp_path / 'm', {'s': signature({'v': variable}, {'y': variable * 2.0})})


class TestContract:
    def test_method_names_keys_and_tags(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None])
        methods = ['tensorflow/serving/classify', 'tensorflow/serving/regress', PREDICT, 'our/own', '']
        keys = ['serving_default', 'tensorflow/serving/regress', 'predict:None', 'my key', 'x']
        signatures = {key: signature({'x': x}, {'y': x}, method) for key, method in zip(keys, methods, strict=True)}
        feeds = {key: {'x': np.ones(2, np.float32)} for key in keys}
        save_and_compare(sess, tmp_path / 'model', signatures, feeds, tags=['serve', 'gpu'])
        saved = read_meta_graph(tmp_path / 'model')
        assert {key: saved.signature_def[key].method_name for key in keys} == dict(zip(keys, methods, strict=True))
        assert set(saved.meta_info_def.tags) == {'serve', 'gpu'}
        assert saved.HasField('object_graph_def')
        assert not (tmp_path / 'model/fingerprint.pb').exists()

    def test_one_tag_may_be_a_string(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [])
        session_module.save(sess, tmp_path / 'model', {'s': signature({'x': x}, {'y': x})}, 'train')
        assert list(read_meta_graph(tmp_path / 'model').meta_info_def.tags) == ['train']

    def test_devices_and_colocations_are_cleared(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None, 2])
        with tf.device('/device:GPU:3'):
            y = linear(x, use_resource=False)
        with tf1.colocate_with(y):
            z = y + 1.0
        with tf1.Session(config=tf1.ConfigProto(allow_soft_placement=True)) as session:
            session.run(tf1.global_variables_initializer())
            serve(session, tmp_path / 'model', {'x': x}, {'z': z}, {'x': ROWS})
        functions = read_meta_graph(tmp_path / 'model').graph_def.library.function
        nodes = [node for f in functions if 'wrapped' in f.signature.name for node in f.node_def]
        assert nodes
        assert not [node.name for node in nodes if node.device or '_class' in node.attr]

    def test_custom_gradients(self, sess, tmp_path):
        @tf.custom_gradient
        def clipped(value):
            return tf.identity(value), lambda upstream: tf.clip_by_value(upstream, -0.5, 0.5)

        x = tf1.placeholder(tf.float32, [None])
        variable = tf1.get_variable('v', initializer=2.0, use_resource=True)
        sess.run(variable.initializer)
        serve(sess, tmp_path / 'model', {'x': x}, {'y': clipped(x * variable)}, {'x': np.ones(2, np.float32)})

        def differentiate():
            model = tf.saved_model.load(str(tmp_path / 'model'))
            with tf.GradientTape() as tape:
                y = model.signatures['serving_default'](x=tf.constant([1.0, 2.0]))['y']
            return tape.gradient(y, model.trainable_variables[0]).numpy()

        assert in_eager_mode(differentiate) == 1.5


class TestRefusals:
    """What can't be served is said before anything is written."""

    def refused(self, sess, directory, inputs, outputs, match):
        with pytest.raises(ValueError, match=match):
            session_module.save(sess, directory / 'model', {'sig': signature(inputs, outputs)})
        assert not list(directory.iterdir())

    def test_python_functions(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None])
        y = tf1.py_func(np.sin, [x], tf.float32, name='sine')
        self.refused(
            sess, tmp_path, {'x': x}, {'y': y}, "'sine', which the output 'y' of signature 'sig' needs.*PyFunc"
        )
        y = tf.map_fn(lambda v: tf.py_function(np.sin, [v], tf.float32), x)
        self.refused(sess, tmp_path, {'x': x}, {'y': y}, "signature 'sig' needs, is a EagerPyFunc")

    def test_iterators(self, sess, tmp_path):
        batch = tf1.data.make_initializable_iterator(tf.data.Dataset.range(3)).get_next()
        self.refused(sess, tmp_path, {}, {'y': batch + 1}, "output 'y' of signature 'sig' needs, is a Iterator")
        save_and_compare(
            sess, tmp_path / 'fed', {'s': signature({'x': batch}, {'y': batch + 1})}, {'s': {'x': np.int64(3)}}
        )

    def test_tables_without_a_name(self, sess, tmp_path):
        """Each run of a session makes a new one, which is empty."""
        table = tf.raw_ops.AnonymousHashTable(key_dtype=tf.int64, value_dtype=tf.int64)
        x = tf1.placeholder(tf.int64, [None])
        y = tf.raw_ops.LookupTableFindV2(table_handle=table, keys=x, default_value=np.int64(0))
        self.refused(sess, tmp_path, {'x': x}, {'y': y}, 'AnonymousHashTable')

    def test_queues(self, sess, tmp_path):
        queue = tf1.FIFOQueue(3, tf.float32, name='queue')
        self.refused(sess, tmp_path, {}, {'y': queue.dequeue()}, "'queue'.*signature 'sig' needs, is a FIFOQueueV2")

    def test_placeholders_that_are_no_inputs(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None])
        keep = tf1.placeholder(tf.float32, [], 'keep_prob')
        message = "placeholder 'keep_prob', which the output 'y' of signature 'sig' needs"
        self.refused(sess, tmp_path, {'x': x}, {'y': x * keep}, message)
        with tf.control_dependencies([keep, x]):
            y = x + 1
        self.refused(sess, tmp_path, {'x': x}, {'y': y}, message)
        save_and_compare(
            sess, tmp_path / 'm', {'s': signature({'x': x, 'k': keep}, {'y': y})}, {'s': {'x': [1.0], 'k': 1.0}}
        )

    def test_tensors_of_another_graph(self, sess, tmp_path):
        with tf.Graph().as_default():
            x = tf1.placeholder(tf.float32, [], 'elsewhere')
            there = signature({'x': x}, {'y': x + 1})
        with pytest.raises(ValueError, match="the session's graph has no tensor 'elsewhere:0'"):
            session_module.save(sess, tmp_path / 'model', {'s': there})

    def test_no_signature(self, sess, tmp_path):
        with pytest.raises(ValueError, match='no signature'):
            session_module.save(sess, tmp_path / 'model', {})

    def test_outputs_that_are_handles(self, sess, tmp_path):
        table = tf.lookup.experimental.MutableHashTable(tf.int64, tf.int64, 0)
        self.refused(sess, tmp_path, {}, {'y': table.resource_handle}, 'is a handle, not a value')


class TestDirectory:
    @pytest.fixture
    def served(self, sess):
        x = tf1.placeholder(tf.float32, [])
        return sess, {'s': signature({'x': x}, {'y': x + 1})}

    def test_may_be_written_in_several_ways(self, served, tmp_path):
        (tmp_path / 'empty').mkdir()
        for path in (str(tmp_path / 'a/b/1') + '/', os.fsencode(tmp_path / 'bytes'), tmp_path / 'empty'):
            written = session_module.save(served[0], path, served[1])
            assert written == os.fsencode(path).rstrip(b'/') + b'/saved_model.pb'
            assert load_in_session(os.fsdecode(path), 's', {'x': 1.0}) == {'y': 2.0}
        assert sorted(os.listdir(tmp_path)) == ['a', 'bytes', 'empty']

    def test_may_be_relative(self, served, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        session_module.save(served[0], 'model', served[1])
        assert os.listdir(tmp_path) == ['model']

    def test_must_be_empty(self, served, tmp_path):
        (tmp_path / 'file').touch()
        for path in (tmp_path, tmp_path / 'file'):
            with pytest.raises(AssertionError, match='already exists'):
                session_module.save(served[0], path, served[1])
        assert os.listdir(tmp_path) == ['file']

    def test_appears_as_a_whole_or_not_at_all(self, served, tmp_path, monkeypatch):
        def fail(*arguments):
            assert os.listdir(tmp_path)
            raise OSError('disk full')

        monkeypatch.setattr(session_module, '_restore_contract', fail)
        with pytest.raises(OSError, match='disk full'):
            session_module.save(served[0], tmp_path / 'model', served[1])
        assert not os.listdir(tmp_path)


class TestSurroundings:
    def test_session_and_graph_stay_as_they_are(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None, 2])
        y = linear(x)
        train = tf1.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y))
        sess.run(tf1.global_variables_initializer())
        sess.graph.finalize()
        version = sess.graph.version
        for step in range(2):
            serve(sess, tmp_path / str(step), {'x': x}, {'y': y}, {'x': ROWS})
            sess.run(train, {x: ROWS})
        assert sess.graph.version == version
        assert sess.graph.finalized

    def test_a_finalized_graph_takes_one_op_for_a_table(self, sess, tmp_path):
        table = tf.lookup.experimental.MutableHashTable(tf.int64, tf.int64, 0)
        x = tf1.placeholder(tf.int64, [])
        y = table.lookup(x)
        sess.graph.finalize()
        before = len(sess.graph.get_operations())
        for step in range(2):
            serve(sess, tmp_path / str(step), {'x': x}, {'y': y}, {'x': np.int64(1)})
        assert len(sess.graph.get_operations()) <= before + 1
        assert sess.graph.finalized

    def test_a_variable_that_nothing_reads_plainly(self, sess, tmp_path):
        handle = tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[2], shared_name='shared', name='v')
        twin = tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[2], shared_name='shared', name='w')
        assign = tf.raw_ops.AssignAddVariableOp(resource=handle, value=[1.0, 1.0])
        with tf.control_dependencies([assign]):
            y = tf.raw_ops.ReadVariableOp(resource=twin, dtype=tf.float32)
        sess.run(tf.raw_ops.AssignVariableOp(resource=handle, value=[5.0, 6.0]))
        session_module.save(sess, tmp_path / 'model', {'s': signature({}, {'y': y})})
        assert load_as_object(tmp_path / 'model', 's', {})['y'].tolist() == [6.0, 7.0]
        assert sess.run(y).tolist() == [6.0, 7.0]

    def test_scopes_of_the_caller_do_not_reach_the_model(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None, 2])
        y = linear(x)
        sess.run(tf1.global_variables_initializer())

        def refuse(*arguments, **settings):
            raise AssertionError('a variable was made in the scope of the caller')

        before = len(sess.graph.get_operations())
        with (
            tf.device('/job:ps/task:7'),
            tf1.variable_scope('v', custom_getter=refuse),
            tf.variable_creator_scope(refuse),
            tf.distribute.MirroredStrategy(['/cpu:0']).scope(),
        ):
            session_module.simple_save(sess, tmp_path / 'model', {'x': x}, {'y': y})
        assert len(sess.graph.get_operations()) == before
        assert load_as_object(tmp_path / 'model', 'serving_default', {'x': ROWS})['y'].shape == (3, 1)

    def test_monitored_sessions(self, tmp_path):
        with tf.Graph().as_default():
            x = tf1.placeholder(tf.float32, [None, 2])
            y = linear(x)
            with tf1.train.MonitoredSession() as session:
                session_module.simple_save(session, tmp_path / 'model', {'x': x}, {'y': y})
                expected = session.run(y, {x: ROWS})
        assert_same({'y': expected}, load_as_object(tmp_path / 'model', 'serving_default', {'x': ROWS}))

    def test_a_model_saved_so_can_be_saved_so_again(self, sess, tmp_path):
        x = tf1.placeholder(tf.float32, [None, 2])
        y = linear(x)
        sess.run(tf1.global_variables_initializer())
        session_module.simple_save(sess, tmp_path / 'one', {'x': x}, {'y': y})
        with tf.Graph().as_default(), tf1.Session() as again:
            loaded = tf1.saved_model.load(again, ['serve'], str(tmp_path / 'one'))
            signatures = dict(loaded.signature_def)
            session_module.save(again, tmp_path / 'two', signatures)
        expected = {'y': sess.run(y, {x: ROWS})}
        assert_same(expected, load_as_object(tmp_path / 'two', 'serving_default', {'x': ROWS}))

    @pytest.mark.parametrize('switch', ['disable_v2_behavior', 'disable_eager_execution'])
    def test_without_eager_execution(self, tmp_path, switch):
        script = f"""
import sys
import numpy as np
import tensorflow.compat.v1 as tf
from rewriters.support import session_module
tf.{switch}()
x = tf.placeholder(tf.string, [None], 'x')
v = tf.get_variable('v', initializer=np.array([2, 3], np.int64))
table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(['a', 'b'], np.array([1, 2])), -1)
y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * v[1]), [0, table.lookup(x) + v[0]])[1]
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    session_module.simple_save(sess, sys.argv[1], {{'x': x}}, {{'y': y}})
    assert sess.run(y, {{x: ['a', 'b', '?']}}).tolist() == [81, 108, 27]
"""
        environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
        subprocess.run([sys.executable, '-c', script, str(tmp_path / 'm')], check=True, env=environment, timeout=120)
        feeds = {'x': np.array([b'a', b'b', b'?'], object)}
        expected = {'y': np.array([81, 108, 27])}
        assert_same(expected, load_as_object(tmp_path / 'm', 'serving_default', feeds))
        assert_same(expected, load_in_session(tmp_path / 'm', 'serving_default', feeds))
