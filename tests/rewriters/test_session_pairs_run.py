"""What the files before export under TensorFlow 1, and those after under TensorFlow 2: what their sources say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PAIRS = Path(__file__).parent / 'session_pairs'
RUNNER = Path(__file__).parent / 'session_runner.py'
SUPPORT = Path(__file__).parents[2] / 'rewriters' / 'support'
OLD_PYTHON = os.environ.get('SAVEDMODEL_MIGRATE_OLD_PYTHON')
DEFAULT = 'serving_default'
SERVE = ['serve']

# (pair, SavedModel folder, tags, signature key, inputs, outputs), computed by hand.
_Case = tuple[str, str, list[str], str, dict[str, Any], dict[str, Any]]
CASES: list[_Case] = [
    ('across_methods', 'export/3', SERVE, 'slope', {'x': [2.0]}, {'y': [8.0]}),
    ('arguments_in_a_dict', 'export', SERVE, DEFAULT, {'x': [[1.0, 2.0]]}, {'y': [[11.0]]}),
    ('branches', 'export/doubled', SERVE, DEFAULT, {'x': [3.0]}, {'y': [6.0]}),
    ('branches', 'export/plain', SERVE, DEFAULT, {'x': [3.0]}, {'y': [3.0]}),
    ('init_op_given', 'export/reset', SERVE, 'add', {'x': [1.0]}, {'y': [0.0]}),
    ('init_op_given', 'export/trained', SERVE, 'add', {'x': [1.0]}, {'y': [6.0]}),
    ('init_op_left_over', 'export', SERVE, DEFAULT, {'x': [1.0]}, {'y': [2.0]}),
    ('init_op_left_over', 'export3', SERVE, DEFAULT, {'x': [1.0]}, {'y': [2.0]}),
    ('init_op_of_a_function', 'export', SERVE, 'lookup', {'words': ['two', 'six']}, {'ids': [8, 6]}),
    ('name_taken', 'export', ['train'], 'limit', {'in': [0.25, 2.0]}, {'out:0': [0.25, 0.5]}),
    ('names_in_imports', 'export', SERVE, 'shift', {'x': [1.0]}, {'y': [-0.5]}),
    ('names_of_tensors', 'export', SERVE, DEFAULT, {'x': [2.0]}, {'more': [3.0], 'less': [1.0]}),
    ('narrowed_later', 'export', SERVE, 'level', {'x': [2.5]}, {'y': [0.5]}),
    ('of_the_module', 'export/1', SERVE, 'power', {'x': [2.0]}, {'y': [16.0]}),
    ('one_name_for_two', 'export/first', SERVE, 'multiply', {'x': [2.0]}, {'y': [6.0]}),
    ('one_name_for_two', 'export/second', SERVE, 'multiply', {'x': [2.0]}, {'y': [20.0]}),
    ('placeholder_not_fed', 'export', SERVE, DEFAULT, {'x': [2.0]}, {'y': [10.0]}),
    ('result_kept', 'export/kept', SERVE, 'count', {'x': [1]}, {'y': [43]}),
    ('result_kept', 'export/told', SERVE, 'count', {'x': [1]}, {'y': [43]}),
    ('same_condition', 'export', SERVE, 'add', {'x': [1.0]}, {'y': [7.0]}),
    ('saver_given', 'export', SERVE, DEFAULT, {'x': [4.0]}, {'y': [1.0]}),
    ('several_tag_sets', 'export', SERVE, 'scale', {'x': [2.0]}, {'y': [6.0]}),
    ('several_tag_sets', 'export/serve-gpu', ['serve', 'gpu'], 'scale', {'x': [2.0]}, {'y': [600.0]}),
]
# Where TensorFlow 1 has a model that has got a folder of its own.
OLD_FOLDERS = {'export/serve-gpu': 'export'}


def case_id(case: _Case) -> str:
    return f'{case[0]}-{case[1]}'


def run(python: str, folder: Path, cases: list[list[Any]]) -> dict[str, Any]:
    # TensorFlow 2 leaves a variable in the environment that TensorFlow 1 takes for an order.
    environment = {name: value for name, value in os.environ.items() if name != 'TF2_BEHAVIOR'}
    command = [python, str(RUNNER), str(folder)]
    process = subprocess.run(
        command,
        input=json.dumps(cases),
        env=environment | {'PYTHONPATH': str(SUPPORT), 'TF_ENABLE_ONEDNN_OPTS': '0'},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    results: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return results


@pytest.fixture(scope='module')
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not OLD_PYTHON:
        pytest.skip('needs SAVEDMODEL_MIGRATE_OLD_PYTHON, a Python with TensorFlow 1')
    cases = [[case_id(c), source(c[0], 'before'), OLD_FOLDERS.get(c[1], c[1]), *c[2:5]] for c in CASES]
    return run(OLD_PYTHON, tmp_path_factory.mktemp('old'), cases)


@pytest.fixture(scope='module')
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if find_spec('tensorflow') is None:
        pytest.skip('needs TensorFlow')
    cases = [[case_id(c), source(c[0], 'after'), *c[1:5]] for c in CASES]
    return run(sys.executable, tmp_path_factory.mktemp('new'), cases)


def source(pair: str, side: str) -> str:
    return str(PAIRS / f'{pair}_{side}.py')


@pytest.mark.parametrize('case', CASES, ids=map(case_id, CASES))
def test_the_new_export_serves_what_the_source_says(case: _Case, new: dict[str, Any]) -> None:
    assert new[case_id(case)] == {'outputs': case[5], 'method': 'tensorflow/serving/predict'}


@pytest.mark.parametrize('case', CASES, ids=map(case_id, CASES))
def test_so_did_the_old_one(case: _Case, old: dict[str, Any]) -> None:
    assert old[case_id(case)] == {'outputs': case[5], 'method': 'tensorflow/serving/predict'}
