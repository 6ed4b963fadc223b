"""Placeholders and sessions outside of any graph: found, but not in functions that are called in a graph."""

from __future__ import annotations

import pytest

from rewriters import rewrite

BUILD = """\
import tensorflow as tf


def build():
    return {'x': tf.compat.v1.placeholder(tf.float32, [None])}


"""


@pytest.mark.parametrize(
    'call',
    [
        'graph = tf.compat.v1.wrap_function(build, [])',
        'graph = tf.compat.v1.wrap_function(signature=[], fn=build)',
        'class Model:\n    def load(self):\n        return tf.compat.v1.wrap_function(other.build, [])',
        'with tf.Graph().as_default():\n    build()\ngraph = tf.compat.v1.wrap_function(lambda: build(), [])\n'
        'wrapped = tf.compat.v1.wrap_function(build, [])',
    ],
)
def test_a_wrapped_function_runs_in_a_graph(call: str) -> None:
    assert not rewrite(f'{BUILD}{call}\n'.encode()).findings


@pytest.mark.parametrize(
    'call',
    [
        'build()',
        'graph = tf.compat.v1.wrap_function(other, [])',
        'graph = mine.wrap_function(build, [])',
        'graph = tf.compat.v1.wrap_function(other, [build])',
    ],
)
def test_others_are_said_not_to(call: str) -> None:
    (finding,) = rewrite(f'{BUILD}{call}\n'.encode()).findings
    assert (finding.code, finding.place.line) == ('NAM301', 5)


def test_a_lambda_that_is_wrapped() -> None:
    source = 'import tensorflow as tf\ng = tf.compat.v1.wrap_function(lambda: tf.compat.v1.placeholder(tf.int32), [])\n'
    assert not rewrite(source.encode()).findings


TEST = """\
import tensorflow as tf


class ATest(tf.test.TestCase):
    def test(self):
        x = tf.sqrt(4.0)
        {}
"""


@pytest.mark.parametrize(
    'block',
    [
        'with self.test_session() as sess:\n            sess.run(x)',
        'with self.cached_session(use_gpu=True) as sess:\n            train(sess)',
        'with self.test_session():\n            self.assertEqual(x.eval(), 2.0)',
        'with self.test_session():\n            tf.compat.v1.global_variables_initializer().run()',
    ],
)
def test_the_session_of_a_test_is_none_outside_of_a_graph(block: str) -> None:
    (finding,) = rewrite(TEST.format(block).encode()).findings
    assert (finding.code, finding.place.line) == ('NAM301', 7)
    source = TEST.format(block).replace('tensorflow', 'tensorflow.compat.v1').replace('tf.compat.v1.', 'tf.')
    (finding,) = rewrite(source.encode()).findings
    assert (finding.code, finding.place.line) == ('NAM301', 7)


@pytest.mark.parametrize(
    'block',
    [
        'with self.cached_session():\n            self.evaluate(x)',
        'with tf.Graph().as_default(), self.test_session() as sess:\n            sess.run(x)',
        'with self.test_session(graph=self.graph) as sess:\n            sess.run(x)',
        'with tf.Graph().as_default():\n            with self.test_session():\n                x.eval()',
        'with self.test_session() as sess:\n            self.evaluate(x)\n\n\ntf.compat.v1.disable_eager_execution()',
        'with self.test_session() as sess:\n            sess.run(x)\n\n    test = test_util.run_deprecated_v1(test)',
        'with context.graph_mode(), self.test_session() as sess:\n            sess.run(x)',
        'if not tf.executing_eagerly():\n            with self.test_session() as sess:\n                sess.run(x)',
        'with self.a_test_session() as sess:\n            sess.run(x)',
        'with self.test_session():\n            subprocess.run(["x"])',
    ],
)
def test_a_test_that_needs_no_session_or_has_a_graph(block: str) -> None:
    assert not rewrite(TEST.format(block).encode()).findings


def test_without_tensorflow_it_is_the_session_of_another_test() -> None:
    source = '# tensorflow\ndef test(self):\n    with self.test_session() as sess:\n        sess.run(x)\n'
    assert not rewrite(source.encode()).findings
