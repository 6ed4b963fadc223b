"""Nothing that TensorFlow 1.15 had for SavedModels is left behind: it works in TensorFlow 2, or it is reported.

saved_model_surface.txt has the modules and what stands in them. Every name is used in every way to reach it; what the
file is rewritten to is run against the TensorFlow that is installed, and must give what `tf.compat.v1` has.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rewriters.findings import Confidence, Finding
from rewriters.names import apply_edits, rename
from rewriters.symbols import Symbols

SURFACE = Path(__file__).with_name('saved_model_surface.txt')
IS_TENSORFLOW_1 = 'import tensorflow as tf\ntf.placeholder\n'


def surface() -> Iterator[tuple[str, str, str]]:
    """(module without `tensorflow.`, name, value where it is a constant)."""
    for line in SURFACE.read_text(encoding='utf-8').splitlines()[1:]:
        module, _, symbols = line.partition(': ')
        for symbol in symbols.split(', '):
            name, _, value = symbol.partition('=')
            yield module, name, value


def ways_to(module: str, name: str) -> Iterator[str]:
    """Sources whose last line is the symbol."""
    parent, _, last = f'tensorflow.{module}'.rpartition('.')
    yield f'{IS_TENSORFLOW_1}from tensorflow.{module} import {name}\n{name}\n'
    yield f'{IS_TENSORFLOW_1}from tensorflow.{module} import {name} as one\none\n'
    yield f'{IS_TENSORFLOW_1}from {parent} import {last}\n{last}.{name}\n'
    yield f'{IS_TENSORFLOW_1}import tensorflow.{module} as other\nother.{name}\n'
    yield f'{IS_TENSORFLOW_1}import tensorflow.{module}\ntensorflow.{module}.{name}\n'
    if not module.startswith('python'):
        yield f'{IS_TENSORFLOW_1}tf.{module}.{name}\n'
        yield f'{IS_TENSORFLOW_1}other = tf.{module}\nother.{name}\n'
        yield f'{IS_TENSORFLOW_1}tf.{module}.{name}(*given)\n'
    if module.startswith('compat.v1.'):
        yield f'import tensorflow.compat.v1 as tf\n{module.replace("compat.v1", "tf")}.{name}\n'
        yield f'from tensorflow.compat import v1 as tf\n{module.replace("compat.v1", "tf")}.{name}\n'


CASES = [(module, name, value, source) for module, name, value in surface() for source in ways_to(module, name)]


@pytest.fixture(scope='module')
def tf() -> ModuleType:
    os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
    tensorflow: ModuleType = pytest.importorskip('tensorflow', reason='needs TensorFlow 2')
    if not tensorflow.__version__.startswith('2.21.'):
        pytest.skip('the table was measured with TensorFlow 2.21')
    return tensorflow


@pytest.mark.parametrize('module', sorted({module for module, *_ in CASES}))
def test_every_way_works_or_is_reported(module: str, tf: ModuleType) -> None:
    wrong = [problem for case in CASES if case[0] == module for problem in problems(*case, tf)]
    assert wrong == []


def problems(module: str, name: str, value: str, source: str, tf: ModuleType) -> Iterator[str]:
    result, findings = renamed(source)
    if renamed(result)[0] != result:
        yield f'{source!r} changes twice: {result!r}'
    if any(finding.confidence is Confidence.MANUAL for finding in findings):
        if not all(finding.advice for finding in findings):
            yield f'{source!r} has a finding without a way out'
        return
    try:
        found = last_value(result)
    except (AttributeError, ImportError) as error:
        yield f'{source!r} became {result!r}, without a finding: {error}'
        return
    if value and repr(found) != value:
        yield f'{source!r} became {result!r}, which is {found!r}'
    old = get(tf.compat.v1, f'{module.removeprefix("compat.v1.")}.{name}')
    if not value and old is not None and found is not old:
        yield f'{source!r} became {result!r}, which is another thing'


def renamed(source: str) -> tuple[str, list[Finding]]:
    edits, findings = rename(source, Symbols.from_tree(ast.parse(source)))
    return apply_edits(source, edits), findings


def last_value(source: str) -> Any:
    """What the name in the last line of the source means."""
    statements, _, last = source.rstrip('\n').rpartition('\n')
    names: dict[str, Any] = {}
    exec(statements, names)
    return eval(last.partition('(')[0], names)


def get(root: Any, dotted: str) -> Any:
    for word in dotted.split('.'):
        root = getattr(root, word, None)
    return root
