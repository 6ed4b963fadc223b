"""Every pair in kept_sessions/: exports that keep their session, before and after, and what the files after export."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rewriters import rewrite
from rewriters.support import __file__ as support

PAIRS = Path(__file__).parent / 'kept_sessions'
NAMES = sorted(path.name.removesuffix('_before.py') for path in PAIRS.glob('*_before.py'))
needs_tensorflow = pytest.mark.skipif(find_spec('tensorflow') is None, reason='needs TensorFlow')
needs_keras_2 = pytest.mark.skipif(find_spec('tf_keras') is None, reason='needs tf_keras')

# (pair, inputs, outputs): computed by hand from the file before.
CASES: list[Any] = [
    (
        'contrib_tables',
        {'index': [1, 99], 'word': ['fi', 'b', 'bee']},
        {
            'label': ['1', 'UNK'],
            'id': [7, 1, 7],
            'line': [-1, -1, 1],
            'insect': ['bee', '?'],
            'country': ['Finland', 'elsewhere', 'elsewhere'],
            'w': 2,
        },
    ),
    ('environment_first', {'x': [1.0, 2.0]}, {'y': [6.0, 12.0]}),
    ('imported_in_main', {'x': [2, -1]}, {'y': [14, -7]}),
    ('imported_in_try', {'x': [0.5]}, {'y': [3.0]}),
    pytest.param('keras_in_a_session', {'x': [[1.0, 2.5]]}, {'dense/BiasAdd:0': [[3.5]]}, marks=needs_keras_2),
    pytest.param('keras_session', {'x': [[1.0, 2.5]]}, {'dense/BiasAdd:0': [[3.5]]}, marks=needs_keras_2),
]
# One process serves all of them: it gets the folders with their inputs, and prints what each gave.
_SERVE = """
import json, sys, tensorflow as tf
served = {}
for folder, inputs in json.load(sys.stdin).items():
    signature = tf.saved_model.load(folder + '/export').signatures['serving_default']
    types = {key: spec.dtype for key, spec in signature.structured_input_signature[1].items()}
    inputs = {key: tf.constant(value, types[key]) for key, value in inputs.items()}
    served[folder] = {key: value.numpy().tolist() for key, value in signature(**inputs).items()}
print(json.dumps(served, default=bytes.decode))
"""

_EXPORT_LATE = """
import tensorflow.compat.v1 as tf1
from imported_in_functions_after import export, export_with_any, exporter
with tf1.Graph().as_default(), tf1.Session() as sess:
    x = tf1.placeholder(tf1.float32, [None])
    export(sess, x, x * 3.0)
    export_with_any(sess, 'any', x)
    exporter(['first', 'second'])(sess, x, x)
"""


@pytest.mark.parametrize('name', NAMES)
def test_before_becomes_after(name: str) -> None:
    before, after = (PAIRS / f'{name}{which}.py' for which in ('_before', '_after'))
    result = rewrite(before.read_bytes())
    assert result.source.decode() == after.read_bytes().decode()
    assert result.support_modules == ('session_module',)
    assert not [finding for finding in result.findings if finding.confidence.value == 'manual']


@pytest.mark.parametrize('name', NAMES)
def test_a_second_rewrite_changes_nothing(name: str) -> None:
    after = (PAIRS / f'{name}_after.py').read_bytes()
    assert rewrite(after).source == after


@pytest.fixture(scope='module')
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each of the files after exported gives. Each runs in a process of its own, which it sets up."""
    inputs = {}
    for case in CASES:
        name, given, _ = getattr(case, 'values', case)
        if not name.startswith('keras') or find_spec('tf_keras') is not None:
            folder = tmp_path_factory.mktemp(name)
            shutil.copy(Path(support).with_name('session_module.py'), folder)
            run([str(PAIRS / f'{name}_after.py')], folder)
            inputs[str(folder)] = given
    answers: dict[str, Any] = json.loads(run(['-c', _SERVE], folder, json.dumps(inputs)).splitlines()[-1])
    return {Path(path).name[:-1]: outputs for path, outputs in answers.items()}


def test_a_file_that_imports_tensorflow_late_loads_without_it(tmp_path: Path) -> None:
    after = PAIRS / 'imported_in_functions_after.py'
    absent = "import sys; sys.modules['tensorflow'] = None; sys.path.insert(0, sys.argv[1]); import "
    run(['-c', absent + after.stem, str(PAIRS)], tmp_path)


@needs_tensorflow
def test_a_file_that_imports_tensorflow_late_exports(tmp_path: Path) -> None:
    for path in (PAIRS / 'imported_in_functions_after.py', Path(support).with_name('session_module.py')):
        shutil.copy(path, tmp_path)
    run(['-c', _EXPORT_LATE], tmp_path)
    assert {path.parent.name for path in tmp_path.glob('*/saved_model.pb')} == {'export', 'any', 'first', 'second'}


@needs_tensorflow
@pytest.mark.parametrize(('name', 'inputs', 'outputs'), CASES)
def test_the_export_serves_what_the_source_says(
    name: str, inputs: dict[str, Any], outputs: dict[str, Any], served: dict[str, Any]
) -> None:
    assert served[name] == outputs


def run(arguments: list[str], folder: Path, stdin: str = '') -> str:
    environment = {**os.environ, 'PYTHONPATH': str(folder), 'TF_CPP_MIN_LOG_LEVEL': '3'}
    command = [sys.executable, *arguments]
    process = subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, text=True, timeout=120
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return process.stdout


@pytest.mark.parametrize(
    'table',
    [
        "tf.contrib.lookup.index_table_from_tensor(['a', 'b'], num_oov_buckets=1)",
        "tf.contrib.lookup.index_table_from_file('vocabulary.txt', num_oov_buckets=1)",
        "tf.contrib.lookup.index_table_from_file('vocabulary.txt', key_column_index=1)",
        'tf.contrib.lookup.index_to_string_table_from_tensor(*options)',
        "tf.contrib.lookup.index_table_from_tensor(['a', 'b'])\nsess.run(table.init)",
    ],
)
def test_tables_with_more_to_them_are_left_with_a_reason(table: str) -> None:
    source = f'import tensorflow as tf\nsess = tf.Session()\ntable = {table}\n'
    source += "tf.saved_model.simple_save(sess, 'export', {'x': m.x}, {'y': m.y})\n"
    result = rewrite(source.encode())
    assert f'table = {table}' in result.source.decode().replace('compat.v1.Session', 'Session')
    assert 'NAM201' in [finding.code for finding in result.findings]


def test_an_init_that_is_called_is_no_table_s() -> None:
    source = (
        'import tensorflow as tf\nimport monitor\nmonitor.init()\nsess = tf.Session()\n'
        "table = tf.contrib.lookup.index_to_string_table_from_tensor(['a', 'b'])\n"
        "tf.saved_model.simple_save(sess, 'export', {'x': m.x}, {'y': m.y})\n"
    )
    result = rewrite(source.encode())
    assert 'table = tf.compat.v1.lookup.StaticHashTable(' in result.source.decode()
    assert 'NAM201' not in [finding.code for finding in result.findings]
