"""Sizes of static shapes that are asked for their value: found and rewritten, but not what only looks like it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from rewriters import Confidence, rewrite
from rewriters.findings import Finding

TF = 'import tensorflow as tf\n'


def rewritten(source: str) -> tuple[str, list[Finding]]:
    result = rewrite(source.encode())
    return result.source.decode(), [finding for finding in result.findings if finding.code == 'NAM302']


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('n = x.get_shape()[1].value', 'n = tf.compat.dimension_value(x.get_shape()[1])'),
        ('n = x.get_shape()[-1].value * 2', 'n = tf.compat.dimension_value(x.get_shape()[-1]) * 2'),
        ('n = (x.get_shape()[1]).value', 'n = tf.compat.dimension_value((x.get_shape()[1]))'),
        ('n = x.get_shape()[1:][0].value', 'n = tf.compat.dimension_value(x.get_shape()[1:][0])'),
        ('n = x.get_shape().with_rank(2)[1].value', 'n = tf.compat.dimension_value(x.get_shape().with_rank(2)[1])'),
        ('n = tf.TensorShape([1])[0].value', 'n = tf.compat.dimension_value(tf.TensorShape([1])[0])'),
        ('n = [d.value for d in x.get_shape()]', 'n = [tf.compat.dimension_value(d) for d in x.get_shape()]'),
        (
            'n = map(lambda d: d.value, x.get_shape())',
            'n = map(lambda d: tf.compat.dimension_value(d), x.get_shape())',
        ),
        (
            'for i, d in enumerate(x.get_shape()):\n    print(i, d.value)',
            'for i, d in enumerate(x.get_shape()):\n    print(i, tf.compat.dimension_value(d))',
        ),
        (
            'for d, e in zip(x.get_shape(), (1, 2)):\n    print(d.value, e)',
            'for d, e in zip(x.get_shape(), (1, 2)):\n    print(tf.compat.dimension_value(d), e)',
        ),
        (
            'def f(x):\n    shape = x.get_shape()\n    return shape[0].value',
            'def f(x):\n    shape = x.get_shape()\n    return tf.compat.dimension_value(shape[0])',
        ),
        (
            'b, n = x.get_shape()\nprint(b.value, n.value)',
            'b, n = x.get_shape()\nprint(tf.compat.dimension_value(b), tf.compat.dimension_value(n))',
        ),
        (
            'shape = list(x.get_shape())\nfirst, rest = shape[0], shape[1:]\nprint(first.value, rest[0].value)',
            'shape = list(x.get_shape())\nfirst, rest = shape[0], shape[1:]\n'
            'print(tf.compat.dimension_value(first), tf.compat.dimension_value(rest[0]))',
        ),
        # names in it that have moved
        (
            'n = tf.log(x).get_shape()[0].value',
            'n = tf.compat.dimension_value(tf.math.log(x).get_shape()[0])',
        ),
    ],
)
def test_get_shape_is_tensorflow_s(before: str, after: str) -> None:
    result, findings = rewritten(f'{TF}{before}\n')
    assert result == f'{TF}{after}\n'
    assert findings
    assert {finding.confidence for finding in findings} == {Confidence.EQUIVALENT}
    assert rewritten(result) == (result, [])


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('n = x.shape[0].value', 'n = tf.compat.dimension_value(x.shape[0])'),
        ('n = [d.value for d in x.shape[1:]]', 'n = [tf.compat.dimension_value(d) for d in x.shape[1:]]'),
        (
            'shape = x.get_shape()\nif y is not None:\n    shape = y.shape\nn = shape[0].value',
            'shape = x.get_shape()\nif y is not None:\n    shape = y.shape\nn = tf.compat.dimension_value(shape[0])',
        ),
        (
            'class Layer(Base):\n    def build(self, input_shape):\n        self.n = input_shape[-1].value',
            'class Layer(Base):\n    def build(self, input_shape):\n'
            '        self.n = tf.compat.dimension_value(input_shape[-1])',
        ),
    ],
)
def test_a_shape_is_taken_for_a_tensor_s(before: str, after: str) -> None:
    result, findings = rewritten(f'{TF}{before}\n')
    assert result == f'{TF}{after}\n'
    assert findings[-1].confidence is Confidence.REVIEW
    assert findings[-1].advice


def test_of_two_that_begin_at_one_place_one_is_left() -> None:
    result, findings = rewritten(f'{TF}n = x.shape[0].value.shape[1].value\n')
    assert result == f'{TF}n = tf.compat.dimension_value(x.shape[0].value.shape[1])\n'
    assert sorted(finding.confidence.value for finding in findings) == ['manual', 'review']


@pytest.mark.parametrize(
    ('imports', 'function'),
    [
        ('import tensorflow', 'tensorflow.compat.dimension_value'),
        ('import tensorflow.compat.v1 as tf', 'tf.dimension_value'),
        ('import tensorflow.compat.v2 as t2\nimport tensorflow as t', 't.compat.dimension_value'),
    ],
)
def test_by_the_name_that_the_file_has_for_tensorflow(imports: str, function: str) -> None:
    result, _ = rewritten(f'{imports}\nn = x.get_shape()[0].value\n')
    assert result == f'{imports}\nn = {function}(x.get_shape()[0])\n'


@pytest.mark.parametrize(
    'source',
    [
        # what else the name is bound to may not be a size
        TF + 'd = x.get_shape()[0]\nd = other(x)\nprint(d.value)\n',
        TF + 'def f(x, shape):\n    if shape is None:\n        shape = x.get_shape()\n    return shape[0].value\n',
        # where no exact edit is possible
        TF + 'print(f"{x.get_shape()[0].value}")\n',
        TF + 'n = (x.get_shape()[0]  # rows\n     .value)\n',
        TF + 'def f(x):\n    return(x.get_shape()[0]).value\n',
        'from tensorflow import zeros\nn = zeros([1]).get_shape()[0].value\n',
        'from ..compat import tf\nn = tf.zeros([1]).get_shape()[0].value\n',
        # other attributes of a Dimension
        TF + 'n = x.get_shape()[0].merge_with(y.get_shape()[0])\n',
        TF + 'x.get_shape()[0].assert_is_compatible_with(2)\n',
    ],
)
def test_found_and_left_alone(source: str) -> None:
    result, findings = rewritten(source)
    assert result == source
    assert [finding.confidence for finding in findings] == [Confidence.MANUAL]
    assert findings[0].advice


@pytest.mark.parametrize(
    'source',
    [
        # works in TensorFlow 2
        TF + 'n = x.get_shape().dims[0].value\n',
        TF + 'n = [d.value for d in x.shape.dims]\n',
        TF + 'n = x.get_shape().as_list()[0]\n',
        TF + 'n = x.get_shape()[0]\n',
        TF + 'n = tf.compat.dimension_value(x.get_shape()[0])\n',
        TF + 'n = x.get_shape().merge_with(y.get_shape())\n',
        TF + 'd = tf.compat.v1.Dimension(3)\nn = d.value\n',
        # minded already
        TF + 'n = [d if isinstance(d, int) else d.value for d in x.get_shape()]\n',
        TF + 'n = [d.value if isinstance(d, tf.compat.v1.Dimension) else d for d in x.get_shape()]\n',
        TF + 'n = [d.value for d in x.get_shape() if hasattr(d, "value")]\n',
        TF + 'd = x.shape[0]\nif hasattr(d, "value"):\n    d = d.value\n',
        TF + 'n = getattr(x.shape[0], "value", x.shape[0])\n',
        TF + 'try:\n    n = x.shape[0].value\nexcept AttributeError:\n    n = x.shape[0]\n',
        # TensorFlow 2's behavior is off
        TF + 'tf.compat.v1.disable_v2_behavior()\nn = x.get_shape()[0].value\n',
        TF + 'tf.compat.v1.disable_v2_tensorshape()\nn = [d.value for d in x.shape]\n',
        'from tensorflow.compat.v1 import disable_v2_behavior\ndisable_v2_behavior()\nn = x.shape[0].value\n',
        # other things with a value
        TF + 'n = feature.int64_list.value[0]\n',
        TF + 'n = FLAGS["shape"].value\n',
        TF + 'n = x.shape["rows"].value\n',
        TF + 'n = sheet.shape[0, 1].value\n',
        TF + 'n = x.shape.value\n',
        TF + 'n = x.shape[0].value()\n',
        TF + 'x.shape[0].value = 1\n',
        TF + 'def f(shape, d):\n    return shape[0].value, d.value\n',
        TF + 'n = [d.value for d in x.shapes]\n',
        TF + 'n = tf.shape(x)[0].value\n',
        # the name means another thing here
        TF + 'def f(x):\n    d = x.get_shape()[0]\n    return d\ndef g(d):\n    return d.value\n',
        TF + 'n = [d for d in x.shape]\nm = [d.value for d in members]\n',
        # no TensorFlow
        'import numpy as np\nn = x.shape[0].value\n',
        '# as tensorflow does\nn = x.get_shape()[0].value\n',
        'import tvm\nn = [d.value for d in x.shape]\n',
    ],
)
def test_nothing_to_say(source: str) -> None:
    assert rewritten(source) == (source, [])


def test_an_int_that_is_asked_for_says_nothing_of_sizes() -> None:
    _, findings = rewritten(f'{TF}if isinstance(axis, int):\n    n = x.get_shape()[axis].value\n')
    assert len(findings) == 1


def test_a_program_that_is_switched_keeps_its_dimensions() -> None:
    source = (
        f'{TF}\ndef main():\n    x = tf.placeholder(tf.float32, [1])\n    n = x.get_shape()[0].value\n'
        '    with tf.Session() as sess:\n        print(sess.run(x, {x: [n]}))\n\n'
        "if __name__ == '__main__':\n    main()\n"
    )
    result, findings = rewritten(source)
    assert 'disable_v2_behavior()' in result
    assert 'x.get_shape()[0].value' in result
    assert not findings


ON_TENSORFLOW_2 = """
import tensorflow as tf
v1 = tf.compat.v1

def sizes():
    return [*tf.TensorShape([3, None]), tf.TensorShape(None)[0]]

values = [3, None, None]
assert [tf.compat.dimension_value(size) for size in sizes()] == sizes() == values
assert [v1.dimension_value(size) for size in sizes()] == values
assert not any(hasattr(size, 'value') for size in sizes())
v1.{switch}()
assert all(hasattr(size, 'value') for size in sizes())
assert [tf.compat.dimension_value(size) for size in sizes()] == values
"""


@pytest.mark.skipif(find_spec('tensorflow') is None, reason='needs TensorFlow')
@pytest.mark.parametrize('switch', ['disable_v2_behavior', 'disable_v2_tensorshape'])
def test_what_tensorflow_2_does(switch: str) -> None:
    subprocess.run([sys.executable, '-c', ON_TENSORFLOW_2.format(switch=switch)], check=True, timeout=300)
