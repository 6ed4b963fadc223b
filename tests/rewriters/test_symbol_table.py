"""Checks the measured table against itself, and against the TensorFlow that is installed."""

from __future__ import annotations

import os
import time
import types
from typing import Any

import pytest

from rewriters import symbol_table, symbol_table_source
from rewriters.names.decide import TYPES_THAT_STAY
from rewriters.names.equal_calls import EQUAL

MISSING = object()
COMPAT = 'compat.v1.'


@pytest.fixture(scope='module')
def tf() -> Any:
    os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
    tensorflow = pytest.importorskip('tensorflow', reason='needs TensorFlow 2')
    if not tensorflow.__version__.startswith('2.21.'):
        pytest.skip('the table was measured with TensorFlow 2.21')
    return tensorflow


def symbols(*kinds: str) -> list[symbol_table.Symbol]:
    found = [symbol_table.find(name) for name in symbol_table.names()]
    return [symbol for symbol in found if symbol is not None and symbol.kind in kinds]


def get(root: Any, dotted: str) -> Any:
    for word in dotted.split('.'):
        try:
            root = getattr(root, word)
        except Exception:
            return MISSING
    return root


def is_same(left: Any, right: Any) -> bool:
    """The same object, the same plain value, or one that only wraps the other."""
    if left is right or (isinstance(left, (str, int)) and left == right):
        return True
    wrapped = [left, right]
    for value in (left, right):
        while hasattr(value, '__wrapped__'):
            value = value.__wrapped__
            wrapped.append(value)
    return any(value is right for value in wrapped[2:]) or any(value is left for value in wrapped[2:])


@pytest.mark.parametrize(
    ('name', 'kind', 'target'),
    [
        ('placeholder', 'v1', 'compat.v1.placeholder'),
        ('Session', 'v1', 'compat.v1.Session'),
        ('GraphDef', 'v1', 'compat.v1.GraphDef'),
        ('log', 'moved', 'math.log'),
        ('gfile.GFile', 'moved', 'io.gfile.GFile'),
        ('FixedLenFeature', 'moved', 'io.FixedLenFeature'),
        ('saved_model.tag_constants.SERVING', 'moved', 'saved_model.SERVING'),
        ('saved_model.builder.SavedModelBuilder', 'v1', 'compat.v1.saved_model.Builder'),
        ('matmul', 'same', 'matmul'),
        ('reduce_sum', 'changed', 'compat.v1.reduce_sum'),
        ('Variable', 'changed', 'compat.v1.Variable'),
        ('layers.dense', 'keras2', 'compat.v1.layers.dense'),
        ('contrib.rnn.LSTMCell', 'keras2', 'compat.v1.nn.rnn_cell.LSTMCell'),
        ('keras.optimizers.Adam', 'keras', 'compat.v1.keras.optimizers.Adam'),
        ('contrib.layers.conv2d', 'gone', ''),
        ('estimator.Estimator', 'gone', ''),
    ],
)
def test_known_symbols(name: str, kind: str, target: str) -> None:
    symbol = symbol_table.find(name)
    assert symbol is not None
    assert (symbol.kind, symbol.target) == (kind, target)


def test_longest_beginning() -> None:
    found = symbol_table.find_longest('Session.run')
    assert found is not None
    assert found.name == 'Session'
    assert symbol_table.find_longest('no_such_thing.at_all') is None


def test_new_names_are_not_renamed_again() -> None:
    """A target must not be a name that TensorFlow 1 used for something else: the second run would rename it."""
    for symbol in symbols('moved'):
        target = symbol_table.find(symbol.target)
        assert target is None or target.kind == 'same', symbol
    for symbol in symbols('v1', 'changed', 'keras2'):
        assert symbol.target.startswith(COMPAT), symbol


def test_loads_fast() -> None:
    symbol_table._lines.cache_clear()
    start = time.perf_counter()
    symbol_table.find('Session')
    assert time.perf_counter() - start < 0.2  # 0.006 s on a quiet machine


def test_gone_symbols_are_gone(tf: Any) -> None:
    there = [symbol.name for symbol in symbols('gone') if get(tf, symbol.name) is not MISSING]
    assert [name for name in there if not name.startswith('keras.')] == []


def test_unchanged_symbols_are_unchanged(tf: Any) -> None:
    wrong = []
    for symbol in symbols('same'):
        new, old = get(tf, symbol.name), get(tf, COMPAT + symbol.name)
        if new is MISSING or not (symbol.is_module or is_same(new, old)):
            wrong.append(symbol.name)
    assert wrong == []


def test_moved_symbols_are_the_same_object(tf: Any) -> None:
    wrong = []
    for symbol in symbols('moved'):
        new = get(tf, symbol.target)
        old = get(tf, COMPAT + symbol.name)
        if new is MISSING or get(tf, symbol.name) is not MISSING or not (old is MISSING or is_same(new, old)):
            wrong.append(symbol.name)
    assert wrong == []


def test_v1_symbols_are_only_in_compat_v1(tf: Any) -> None:
    wrong = []
    for symbol in symbols('v1'):
        if get(tf, symbol.name) is not MISSING or get(tf, symbol.target) is MISSING:
            wrong.append(symbol.name)
    assert wrong == []


def test_changed_symbols_differ(tf: Any) -> None:
    wrong = []
    for symbol in symbols('changed'):
        new, old = get(tf, symbol.name), get(tf, symbol.target)
        if new is MISSING or old is MISSING or (new is old and not isinstance(new, types.ModuleType)):
            wrong.append(symbol.name)
    assert wrong == []


@pytest.mark.parametrize('name', TYPES_THAT_STAY)
def test_type_checks_may_keep_their_classes(tf: Any, name: str) -> None:
    """In isinstance these classes keep their name, so the new class must take in what the old one makes."""
    assert issubclass(get(tf, COMPAT + name), get(tf, name))


def test_variables_are_no_instances_of_the_old_class(tf: Any) -> None:
    """Why `tf.Variable` stays wherever it isn't called."""
    with tf.Graph().as_default():
        variable = tf.compat.v1.Variable(1.0)
    assert isinstance(variable, tf.Variable)
    assert not isinstance(variable, tf.compat.v1.Variable)


def test_keras_2_symbols_raise_without_keras_2(tf: Any) -> None:
    if os.environ.get('TF_USE_LEGACY_KERAS') == '1':
        pytest.skip('TF_USE_LEGACY_KERAS is set')
    assert [symbol.name for symbol in symbols('keras2') if get(tf, symbol.name) is not MISSING] == []


def test_equal_calls_are_about_changed_symbols() -> None:
    for name in EQUAL:
        symbol = symbol_table.find(name)
        assert symbol is not None, name
        assert symbol.kind == 'changed', name
        assert symbol.home == name
        assert symbol.v1_arguments, name
        assert symbol.v2_arguments, name


@pytest.mark.parametrize(
    ('name', 'is_gone'),
    [
        ('python.saved_model.signature_constants', False),
        ('python.saved_model.signature_constants.PREDICT_INPUTS', False),
        ('python.framework.graph_util', False),
        ('python.framework.graph_util.convert_variables_to_constants', True),
        ('python.framework.graph_util.unknown_to_us', False),
        ('python.estimator', True),
        ('python.estimator.estimator.Estimator', True),
        ('core.framework.graph_pb2.GraphDef', False),
        ('examples.tutorials.mnist.input_data', True),
        ('python', False),
    ],
)
def test_source_modules(name: str, is_gone: bool) -> None:
    assert symbol_table_source.is_gone(name) is is_gone
