"""Sessions become TensorFlow 2 models that serve the same, for clients of both kinds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
from rewriters.support import session_module  # noqa: E402 - imports TensorFlow
from tests.support.sessions import (  # noqa: E402
    PREDICT,
    ROWS,
    assert_same,
    in_eager_mode,
    linear,
    load_as_object,
    load_in_session,
    read_meta_graph,
    save_and_compare,
    serve,
    signature,
)


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
        with tf.control_dependencies([keep, x]):
            y = x + 1
        signatures = {
            'itself': signature({'x': x}, {'y': keep}),
            'computed': signature({'x': x}, {'y': x * keep}),
            'after': signature({'x': x}, {'y': y}),
            'fed': signature({'x': x, 'k': keep}, {'y': y}),
        }
        with pytest.warns(UserWarning, match='is not among its inputs: no call can succeed') as warned:
            save_and_compare(sess, tmp_path / 'm', signatures, {'fed': {'x': [1.0], 'k': 1.0}})
        keys = [key for key in signatures for w in warned if f"output 'y' of signature '{key}'" in str(w.message)]
        assert keys == ['itself', 'computed', 'after']
        for key in keys:
            for load in (load_as_object, load_in_session):
                with pytest.raises(tf.errors.InvalidArgumentError, match=r'feed a value for placeholder.*keep_prob'):
                    load(tmp_path / 'm', key, {'x': [1.0]})

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
