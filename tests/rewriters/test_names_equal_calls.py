"""Every call that keeps, or gets, a TensorFlow 2 name must build the very graph that TensorFlow 1's function built."""

from __future__ import annotations

import ast
import functools
import os
import re
from typing import Any

import pytest

from rewriters import symbol_table
from rewriters.names import equal_calls

# One call or more for each name of the table, with every argument that the table allows.
CALLS = {
    'Variable': ['(1.0)', '(tf.zeros([2]), False)', '([1, 2], name="v", dtype=tf.float32, validate_shape=True)'],
    'argmax': ['(x, 1)', '(x, axis=0, output_type=tf.int32, name="n")', '(x)'],
    'argmin': ['(x, 1)', '(x, axis=0, output_type=tf.int32, name="n")', '(x)'],
    'assert_equal': ['(x, x)', '(x, x, message="m", summarize=1, name="n")'],
    'assert_greater': ['(x, x)', '(x, x, message="m", summarize=1, name="n")'],
    'assert_less': ['(x, x)', '(x, x, message="m", summarize=1, name="n")'],
    'boolean_mask': ['(x, [True, False])', '(x, [True, False], axis=0, name="n")'],
    'constant': [
        '(1.0)',
        '([1, 2], tf.float32)',
        '([1], dtype=tf.int64, name="n")',
        '(0.1, shape=[2, 3])',
        '(0.0, tf.float32, [2])',
    ],
    'convert_to_tensor': ['([1])', '([1], tf.float32)', '(1, dtype=tf.int64, name="n")', '(1, dtype_hint=tf.int64)'],
    'device': ['("/cpu:0")'],
    'expand_dims': ['(x, 0)', '(x, axis=1, name="n")', '(x, 0, "n")'],
    'foldl': ['(add, x)', '(add, x, initializer=x[0], parallel_iterations=2, swap_memory=True, name="n")'],
    'foldr': ['(add, x)', '(add, x, initializer=x[0], parallel_iterations=2, swap_memory=True, name="n")'],
    'gather': [
        '(x, [0])',
        '(x, [0], axis=1, name="n")',
        '(x, [[0], [1]], validate_indices=True, axis=1, batch_dims=1)',
    ],
    'gather_nd': ['(x, [[0]])', '(x, [[[0]], [[1]]], batch_dims=1, name="n")'],
    'io.decode_csv': [
        '(s, [[0.0], [""]])',
        '(s, [[0.0]], field_delim=";", use_quote_delim=False, na_value="x")',
        '(s, [[0.0]], select_cols=[1], name="n")',
    ],
    'io.decode_raw': ['(s, tf.uint8)', '(s, tf.int32, little_endian=False, name="n")', '(s, tf.uint8, True)'],
    'io.parse_example': ['(s, features)', '(serialized=s, features=features, name="n")'],
    'io.parse_single_example': ['(s[0], features)', '(s[0], features, name="n")'],
    'linalg.norm': ['(x)', '(x, 1, axis=1, keepdims=True, name="n")', '(x, "euclidean", 0, True, "n")'],
    'map_fn': [
        '(double, x)',
        '(double, x, dtype=tf.float32, parallel_iterations=2, swap_memory=True, infer_shape=False, name="n")',
    ],
    'math.confusion_matrix': ['(i, i)', '(i, i, num_classes=3, dtype=tf.int64, weights=i, name="n")', '(i, i, 3)'],
    'math.count_nonzero': ['(x)', '(x, 1)', '(x, axis=0, keepdims=True, dtype=tf.int32, name="n")'],
    'math.in_top_k': ['(predictions=x, targets=i, k=1)', '(targets=i, predictions=x, k=1, name="n")'],
    'name_scope': ['("a")', '(name="a")'],
    'nn.avg_pool': [
        '(image, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")',
        '(image, ksize=[1, 2, 2, 1], strides=[1, 1, 1, 1], padding="VALID", name="n", data_format="NHWC")',
    ],
    'nn.conv2d': [
        '(image, kernel, [1, 1, 1, 1], "SAME")',
        '(image, kernel, strides=[1, 2, 2, 1], padding="VALID", data_format="NHWC", dilations=[1, 1, 1, 1], name="n")',
    ],
    'nn.conv2d_transpose': [
        '(image, kernel_t, [1, 8, 8, 3], [1, 2, 2, 1])',
        '(image, kernel_t, output_shape=[1, 8, 8, 3], strides=2, padding="SAME", data_format="NHWC", name="n")',
    ],
    'nn.conv3d': [
        '(volume, block, [1, 1, 1, 1, 1], "SAME")',
        '(volume, block, strides=[1] * 5, padding="VALID", data_format="NDHWC", dilations=[1] * 5, name="n")',
    ],
    'nn.crelu': ['(x)', '(x, axis=0, name="n")'],
    'nn.depth_to_space': [
        '(tf.zeros([1, 2, 2, 4]), 2)',
        '(tf.zeros([1, 2, 2, 4]), block_size=2, data_format="NHWC", name="n")',
    ],
    'nn.depthwise_conv2d': [
        '(image, kernel, [1, 1, 1, 1], "SAME")',
        '(image, filter=kernel, strides=[1, 1, 1, 1], padding="SAME", name="n", data_format="NHWC")',
    ],
    'nn.dropout': ['(x, rate=0.5)', '(x, rate=0.5, noise_shape=[2, 1], seed=1, name="n")'],
    'nn.log_softmax': ['(x)', '(x, -1, "n")', '(logits=x, axis=0)'],
    'nn.moments': ['(x, [0])', '(x, axes=[0], keepdims=True, name="n")', '(x, [0], None)'],
    'nn.separable_conv2d': [
        '(image, kernel, tf.zeros([1, 1, 12, 5]), [1, 1, 1, 1], "SAME")',
        '(image, kernel, tf.zeros([1, 1, 12, 5]), strides=[1] * 4, padding="SAME", data_format="NHWC", name="n")',
    ],
    'nn.sigmoid_cross_entropy_with_logits': ['(labels=x, logits=x)', '(labels=x, logits=x, name="n")'],
    'nn.softmax': ['(x)', '(x, -1, "n")', '(logits=x, axis=0)'],
    'nn.space_to_depth': ['(image, 2)', '(image, block_size=2, data_format="NHWC", name="n")'],
    'nn.sparse_softmax_cross_entropy_with_logits': ['(labels=i, logits=x)', '(labels=i, logits=x, name="n")'],
    'pad': [
        '(x, [[0, 1], [0, 1]])',
        '(x, [[0, 1], [0, 1]], "CONSTANT", constant_values=1, name="n")',
        '(x, paddings=[[0, 1], [0, 1]], mode="REFLECT")',
    ],
    'scan': [
        '(add, x)',
        '(add, x, initializer=x[0], parallel_iterations=2, swap_memory=True, infer_shape=True, reverse=True, name="n")',
    ],
    'shape': ['(x)', '(x, out_type=tf.int64, name="n")', '(u)', '(u, name="n")'],
    'size': ['(x)', '(x, out_type=tf.int64, name="n")', '(u)'],
    'squeeze': ['(x)', '(image, [0])', '(image, axis=[0], name="n")'],
    'strings.length': ['(s)', '(s, unit="UTF8_CHAR", name="n")'],
    'strings.reduce_join': ['(s)', '(s, 0)', '(s, axis=0, keepdims=True, separator=",", name="n")'],
    'strings.substr': ['(s, 0, 1)', '(s, pos=0, len=1, unit="BYTE", name="n")'],
    'strings.to_hash_bucket': ['(s, 7)', '(s, num_buckets=7, name="n")'],
    'strings.to_number': ['(s)', '(s, tf.int32)', '(s, out_type=tf.int64, name="n")'],
    'transpose': ['(x)', '(x, [1, 0])', '(x, perm=[1, 0], conjugate=False, name="n")'],
    'where': ['(x > 0)', '(condition=x > 0, name="n")'],
    'zeros_like': ['(x)', '(x, tf.int32)', '(x, dtype=tf.int64, name="n")'],
}
ALIASES = {
    'math.argmax': 'argmax',
    'math.argmin': 'argmin',
    'math.log_softmax': 'nn.log_softmax',
    'math.softmax': 'nn.softmax',
    'nn.in_top_k': 'math.in_top_k',
    'norm': 'linalg.norm',
}
REDUCE = ['(x)', '(x, 1)', '(x, 1, True)', '(x, axis=[0], keepdims=True, name="n")', '(u, None, False, "n")']
COMPARE = ['(x, x)', '(x, x, message="m", summarize=1, name="n")']
SIGN = ['(x)', '(x, message="m", summarize=1, name="n")']


def calls_of(name: str) -> list[str]:
    word = name.split('.')[-1]
    if word in ('reduce_all', 'reduce_any'):
        return [call.replace('(x', '(b').replace('(u', '(b') for call in REDUCE]
    if word.startswith('reduce_') and name != 'strings.reduce_join':
        return REDUCE
    if name.startswith('debugging.'):
        return SIGN if 'tive' in word else COMPARE
    return CALLS[ALIASES.get(name, name)]


CASES = [(name, call) for name in sorted(equal_calls.EQUAL) for call in calls_of(name)]


@pytest.mark.parametrize(('name', 'call'), CASES)
def test_listed_calls_are_accepted(name: str, call: str) -> None:
    symbol = symbol_table.find(name)
    assert symbol is not None
    assert symbol.kind == 'changed'
    node = ast.parse('f' + call, mode='eval').body
    assert isinstance(node, ast.Call)
    assert equal_calls.means_same(node, symbol)


@pytest.mark.parametrize('name', sorted(equal_calls.EQUAL))
def test_every_allowed_argument_is_exercised(name: str) -> None:
    symbol = symbol_table.find(name)
    assert symbol is not None
    used: set[str] = set()
    for call in calls_of(name):
        node = ast.parse('f' + call, mode='eval').body
        assert isinstance(node, ast.Call)
        used |= set(equal_calls.bound(node, equal_calls.names_of(symbol.v1_arguments)) or {})
    allowed = {word.partition(':')[0] for word in equal_calls.EQUAL[name].split()}
    assert allowed == used


@functools.cache
def tensorflow() -> Any:
    os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
    tf = pytest.importorskip('tensorflow', reason='needs TensorFlow 2')
    if not hasattr(tf, '__version__') or tf.__version__.startswith('1.'):
        pytest.skip('needs TensorFlow 2')
    return tf


@pytest.mark.parametrize(('name', 'call'), CASES)
def test_both_names_build_the_same_graph(name: str, call: str) -> None:
    tf = tensorflow()
    assert graph_of(tf, 'tf.compat.v1.' + name, call) == graph_of(tf, 'tf.' + name, call)


def graph_of(tf: Any, function: str, call: str) -> str:
    """The nodes of the graph that a call builds, gradients of its float results included."""
    with tf.Graph().as_default() as graph:
        tf.compat.v1.set_random_seed(1)
        x = tf.compat.v1.placeholder(tf.float32, [2, 3], name='x')
        names = {
            'tf': tf,
            'x': x,
            'y': x * 2.0,
            'u': tf.compat.v1.placeholder(tf.float32, name='u'),
            'b': x > 0,
            'i': tf.compat.v1.placeholder(tf.int32, [2], name='i'),
            's': tf.compat.v1.placeholder(tf.string, [2], name='s'),
            'image': tf.compat.v1.placeholder(tf.float32, [1, 4, 4, 3], name='image'),
            'volume': tf.zeros([1, 4, 4, 4, 1]),
            'block': tf.zeros([2, 2, 2, 1, 1]),
            'kernel': tf.zeros([2, 2, 3, 4]),
            'kernel_t': tf.zeros([2, 2, 3, 3]),
            'features': {'f': tf.io.FixedLenFeature([1], tf.float32), 'v': tf.io.VarLenFeature(tf.string)},
            'add': lambda left, right: left + right,
            'double': lambda value: value * 2.0,
        }
        result = eval(function + call, names)
        if hasattr(result, '__enter__'):
            with result:
                tf.add(x, x, name='inside')
        elif tf.is_tensor(result) and result.dtype.is_floating and result.op.type != 'VarHandleOp':
            tf.compat.v1.gradients(result, [x])
        graph_def = graph.as_graph_def()
        functions = sorted(unnumbered(str(function)) for function in graph_def.library.function)
        nodes = unnumbered(str(graph_def.node))
        return '\n'.join([nodes, *functions, *sorted(graph.get_all_collection_keys())])


def unnumbered(text: str) -> str:
    """Functions are numbered through the whole process."""
    return re.sub(r'(while_cond|while_body|_true|_false|_grad)_\d+', r'\1', text)
