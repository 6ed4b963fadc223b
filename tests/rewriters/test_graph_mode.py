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
