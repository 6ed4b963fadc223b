"""The ways out that findings name: they exist, and the tail of a deep import finds the same as its public name."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from rewriters import symbol_table, symbol_table_source
from rewriters.names import advice
from rewriters.names.advice import advice_for

NAMED = re.compile(r'\btf((?:\.\w+)+)')


@pytest.fixture(scope='module')
def tf() -> ModuleType:
    os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
    tensorflow: ModuleType = pytest.importorskip('tensorflow', reason='needs TensorFlow 2')
    if not tensorflow.__version__.startswith('2.21.'):
        pytest.skip('the table was measured with TensorFlow 2.21')
    return tensorflow


def test_what_is_advised_is_there(tf: ModuleType) -> None:
    named = {(name, match[1:]) for name, text in advice._ADVICE.items() for match in NAMED.findall(text)}
    assert len(named) > 100
    assert sorted(pair for pair in named if not is_there(tf, pair[1])) == []


def test_of_the_same_name_is_only_said_where_there_is_one(tf: ModuleType) -> None:
    homes = {
        'contrib.framework': [tf.compat.v1.train],
        'contrib.data': [tf.data.Dataset, tf.compat.v1.data.experimental],
    }
    for name, kind in symbol_table.kinds():
        module, _, last = name.rpartition('.')
        if kind == 'gone' and module in homes and advice_for(name) == advice_for(module):
            assert any(hasattr(home, last) for home in homes[module]), name


def test_what_is_said_to_be_in_the_source_is_there(tf: ModuleType) -> None:
    found = [
        (module[1], name.rpartition('.')[2])
        for name, text in advice._ADVICE.items()
        if (module := re.search(r'still has it in (tensorflow\.python\.[\w.]+),', text))
    ]
    assert len(found) > 8
    assert [pair for pair in found if not hasattr(importlib.import_module(pair[0]), pair[1])] == []


def test_datasets_of_a_session_make_iterators(tf: ModuleType, tmp_path: Path) -> None:
    assert 'tf.compat.v1.data.experimental' in advice_for('contrib.data.make_csv_dataset')
    (tmp_path / 'a.csv').write_text('x,y\n1,2\n')
    make = tf.compat.v1.data.experimental.make_csv_dataset
    with tf.Graph().as_default():
        make(str(tmp_path / 'a.csv'), batch_size=1).make_one_shot_iterator()


def test_public_names_of_what_is_handed_on_are_there(tf: ModuleType) -> None:
    for name, public in symbol_table_source._HANDED_ON.items():
        assert symbol_table_source.is_gone(name)
        symbol = symbol_table.find(public)
        assert symbol is not None
        assert is_there(tf, symbol.target)


def is_there(tf: ModuleType, dotted: str) -> bool:
    """Whether TensorFlow 2.21 has the name; what needs Keras 2 raises here."""
    if dotted in ('contrib', 'estimator') or dotted.startswith(('compat.v1.layers', 'compat.v1.nn.rnn_cell')):
        return True
    value: object = tf
    for word in dotted.split('.'):
        if not hasattr(value, word):
            return False
        value = getattr(value, word)
    return True


@pytest.mark.parametrize(
    ('deep', 'public'),
    [
        ('contrib.layers.python.layers.batch_norm', 'contrib.layers.batch_norm'),
        ('contrib.layers.python.layers.layers.fully_connected', 'contrib.layers.fully_connected'),
        ('contrib.layers.python.layers.utils.collect_named_outputs', 'contrib.layers.utils.collect_named_outputs'),
        ('contrib.training.python.training.hparam.HParams', 'contrib.training.HParams'),
        ('contrib.tpu.python.tpu.tpu_estimator', 'contrib.tpu.tpu_estimator'),
        ('contrib.slim.python.slim.nets.vgg.vgg_16', 'contrib.slim.nets'),
        ('contrib.lookup.python.nothing_we_know', 'contrib.lookup'),
        ('contrib.rnn.python.ops.rnn_cell.nothing_we_know', 'contrib.rnn'),
    ],
)
def test_deep_names_of_contrib(deep: str, public: str) -> None:
    assert advice_for(deep) == advice_for(public) != advice_for('contrib')


def test_what_is_gone_has_a_way_out() -> None:
    gone = [name for name, kind in symbol_table.kinds() if kind == 'gone']
    assert [name for name in gone if not advice_for(name) and name.startswith(('contrib', 'estimator'))] == []


def test_no_advice_for_what_is_there() -> None:
    assert advice_for('no_such_thing') == ''
