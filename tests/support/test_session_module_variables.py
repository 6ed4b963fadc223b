"""Variables of sessions, and signatures that change them."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
from rewriters.support import session_module  # noqa: E402 - imports TensorFlow
from tests.support.sessions import (  # noqa: E402
    ROWS,
    assert_same,
    in_eager_mode,
    linear,
    load_as_object,
    load_in_session,
    read_meta_graph,
    serve,
    signature,
)


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
