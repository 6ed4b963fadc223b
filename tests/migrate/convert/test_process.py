"""Processes with TensorFlow that die, hang or have none: each costs one model, and says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from migrate.convert import Refusal
from migrate.convert.conversion import Settings, _answers
from migrate.convert.process import run_script

# Stands in for TensorFlow, which no test can make die at will: does to a model what the model is called.
_INTERPRETER = """#!{python}
import json, os, signal, sys, time
request = json.load(open('request.json'))
for model in request['models']:
    signal.setitimer(signal.ITIMER_REAL, request['seconds'])
    if model['model'] == 'dies':
        print('a last word', flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if model['model'] == 'hangs':
        time.sleep(60)
    reply = {{'kind': '', 'error': '', 'notes': [model['model']]}}
    if model['model'] == 'has no TensorFlow':
        reply = {{'kind': 'tensorflow', 'error': 'No module named tensorflow'}}
    with open(request['reply'], 'a') as file:
        file.write(json.dumps(reply) + chr(10))
"""


@pytest.fixture
def python(tmp_path: Path) -> str:
    path = tmp_path / 'python'
    path.write_text(_INTERPRETER.format(python=sys.executable))
    path.chmod(0o755)
    return str(path)


def answers(python: str, *models: str) -> list[Any]:
    settings = Settings(python, 2, 0, False, frozenset(), 1, lambda message: None)
    found = list(_answers([{'model': model} for model in models], settings))
    return [each if isinstance(each, Refusal) else each['notes'] for each in found]


def test_one_that_dies_is_followed_by_another(python: str) -> None:
    before, died, after, last = answers(python, 'a', 'dies', 'b', 'c')
    assert (before, after, last) == (['a'], ['b'], ['c'])
    assert 'was ended by SIGSEGV' in died.message
    assert died.advice == 'Its last words: a last word'


def test_one_that_hangs_is_ended(python: str) -> None:
    hung, after = answers(python, 'hangs', 'a')
    assert (hung.message, hung.advice) == ('it took TensorFlow more than 2 seconds', 'Give it more with --timeout.')
    assert after == ['a']


def test_one_without_tensorflow(python: str) -> None:
    (refusal,) = answers(python, 'has no TensorFlow')
    assert refusal.message == f'{python} has no TensorFlow 2 that can be imported: No module named tensorflow'
    assert "pip install 'savedmodel-migrate[tensorflow]'" in refusal.advice


def test_a_script_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / 'script.py'
    script.write_text(
        'import json, os, pathlib, sys, time, parent\n'
        'pathlib.Path(json.load(open(sys.argv[1]))["out"]).write_text(str(os.getpid()))\n'
        'time.sleep(60)\n'
    )
    out = tmp_path / 'pid'
    child = os.fork()
    if not child:
        run_script(str(script), {'out': str(out)}, sys.executable, 60)
        os._exit(0)
    while not (out.exists() and out.read_text()):
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for _ in range(100):
        if not _lives(int(out.read_text())):
            return
        time.sleep(0.1)
    raise AssertionError('it still runs')


def _lives(pid: int) -> bool:
    state = subprocess.run(['ps', '-o', 'stat=', '-p', str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith('Z')
