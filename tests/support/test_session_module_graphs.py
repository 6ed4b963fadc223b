"""Loops, conditions and functions in the graphs of sessions, and whatever may be an input of them."""

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
    load_as_object,
    load_in_session,
    read_meta_graph,
    save_and_compare,
    serve,
    signature,
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
