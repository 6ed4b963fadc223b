"""Conditions on sizes that may not be known: those are Dimensions in TensorFlow 1, and None in TensorFlow 2."""

from __future__ import annotations

import pytest

from rewriters import Confidence, Finding, rewrite

HEAD = 'import tensorflow as tf\n\nx = tf.placeholder(tf.float32, [None, 3])\n'


def found(code: str) -> list[Finding]:
    return [finding for finding in rewrite(code.encode()).findings if finding.code == 'NAM305']


@pytest.mark.parametrize(
    ('code', 'what'),
    [
        ('if x.shape[0] is None:\n    pass\n', '`x.shape[0] is None` is never true'),
        ('y = 1 if x.get_shape()[0] is not None else 2\n', '`x.get_shape()[0] is not None` is always true'),
        ('if x.shape[0] == None:\n    pass\n', '`x.shape[0] == None` is never true'),
        ('if x.shape[0] != None:\n    pass\n', '`x.shape[0] != None` is never true'),
        ('n = x.get_shape()[0] or 7\n', '`x.get_shape()[0]` is true'),
        ('n = x.shape[0]\nm = tf.shape(x)[0] if not n else n\n', '`n` is true'),
        ('n = x.shape[0]\nif n:\n    pass\n', '`n` is true'),
        ('n = x.shape[0]\nif n is None:\n    pass\n', '`n is None` is never true'),
        ('def f(x):\n    n = x.get_shape()[-1]  # how many\n    return n or 7\n', '`n` is true'),
        ('if x.get_shape() == y.get_shape():\n    pass\n', '`x.get_shape() == y.get_shape()` finds'),
        ('if x.shape != [None, 3]:\n    pass\n', '`x.shape != [None, 3]` finds'),
    ],
)
def test_a_condition_that_may_turn_round(code: str, what: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.MANUAL
    assert finding.message.startswith(what)


@pytest.mark.parametrize(
    'code',
    [
        'if x.shape[0] == 3:\n    pass\n',
        'if x.get_shape().as_list()[0] is None:\n    pass\n',
        'shape = x.get_shape().as_list()\nif shape[0] is None:\n    pass\n',
        'if x.shape[0].value is None:\n    pass\n',
        'if x.shape == y.shape:\n    pass\n',  # as NumPy has them
        'if x.shape == (3, 4):\n    pass\n',
        'if x.get_shape().ndims is None:\n    pass\n',
        'n = x.shape[0]\nn = tf.shape(x)[0]\nif n is None:\n    pass\n',
        'def f(n):\n    return n is None\n\n\nn = x.shape[0]\n',
        'def f(x, n=None):\n    if not n:\n        n = x.shape[0]\n    return n\n',
        'for n in sizes:\n    n = n or 7\nn = x.shape[0]\n',
        'assert x.get_shape() == y.get_shape()\n',
        'x.shape[0:1] or 7\n',
        'tf.compat.v1.disable_v2_behavior()\nif x.shape[0] is None:\n    pass\n',
        'tf.compat.v1.disable_v2_tensorshape()\nif x.shape[0] is None:\n    pass\n',
    ],
)
def test_what_stays_as_it_was(code: str) -> None:
    assert found(HEAD + code) == []


@pytest.mark.parametrize('head', ['import tensorflow as tf\n', 'import tensorflow.compat.v1 as tf\n', '# tensorflow\n'])
def test_code_that_may_be_for_tensorflow_2_means_what_it_says(head: str) -> None:
    assert found(f'{head}if x.shape[0] is None:\n    pass\n') == []
