"""Processes that misbehave; no TensorFlow is needed for that."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from migrate.verify.processes import _last_words, environment
from migrate.verify.runs import Artifact, Case, Job, Runner, SideRun
from migrate.verify.worker import Tensor
from tests.migrate.verify.interpreters import patched, shell

# Stands in for TensorFlow: a model that doubles x, and does something else for some keys.
FAKE_TENSORFLOW = """
class Model:
    def __init__(self, tf, request): pass
    def close(self): pass
    def run(self, key, tensors):
        x = tensors['x']
        if key == 'segfault': os.kill(os.getpid(), signal.SIGSEGV)
        if key == 'killed': os.kill(os.getpid(), signal.SIGKILL)
        if key == 'exits': print('goodbye', file=sys.stderr); os._exit(7)
        if key == 'hangs': time.sleep(60)
        if key == 'raises': raise ValueError('not this')
        return {'y': worker.Tensor('float32', x.array * 2)}
class TensorFlow: __version__ = '9.9'
worker.LOADERS['session'] = Model
worker.importlib.import_module = lambda name: TensorFlow
"""
# Python's own arrays are refused by the limit as those of TensorFlow are.
EATS_MEMORY = FAKE_TENSORFLOW.replace(
    "if key == 'raises'", "if key == 'eats': worker.np.zeros(4 << 30, 'uint8')\n        if key == 'raises'"
)
CASES = (Case('one', {'x': Tensor('float32', np.ones(2, dtype=np.float32)), 'z': Tensor('bool', np.array(True))}),)


def run(tmp_path: Path, python: str, *keys: str, timeout: float = 20) -> SideRun:
    (side,) = run_models(tmp_path, python, [keys], timeout)
    return side


def run_models(
    tmp_path: Path, python: str, models: Sequence[Sequence[str]], timeout: float = 20, memory: int = 1 << 40
) -> list[SideRun]:
    """Runs several models, each with some keys."""
    runner = Runner(python, tmp_path / 'run', timeout, memory, threading.Event(), lambda message: None)
    artifact = Artifact(tmp_path, frozenset({'serve'}), True)
    sides: dict[int, SideRun] = {}
    jobs = [[Job(artifact, key, 'session', CASES, frozenset({'x'})) for key in keys] for keys in models]
    runner.run(jobs, sides.__setitem__)
    return [sides[number] for number in range(len(models))]


@pytest.fixture
def fake(tmp_path: Path) -> str:
    return patched(tmp_path / 'python', FAKE_TENSORFLOW)


def test_results_come_back(tmp_path: Path, fake: str) -> None:
    side = run(tmp_path, fake, 'doubles', 'raises')
    assert (side.tensorflow, side.error) == ('9.9', '')
    assert side.jobs[0].cases['one'].outputs('first')['y'].array.tolist() == [2.0, 2.0]
    assert side.jobs[1].cases['one'].error == 'ValueError: not this'


def test_what_ran_before_and_after_a_crash_counts(tmp_path: Path, fake: str) -> None:
    side = run(tmp_path, fake, 'first', 'segfault', 'between', 'exits', 'last')
    assert side.error == ''
    assert [bool(job.error) for job in side.jobs] == [False, True, False, True, False]
    assert 'died of SIGSEGV' in side.jobs[1].error
    assert 'exit code 7; its last words: goodbye' in side.jobs[3].error
    assert not any(job.says_nothing for job in side.jobs)


def test_a_process_killed_from_outside_says_nothing_of_the_model(tmp_path: Path, fake: str) -> None:
    side = run(tmp_path, fake, 'killed', 'last')
    assert side.jobs[0].says_nothing
    assert 'SIGKILL (out of memory?)' in side.jobs[0].error
    assert not side.jobs[1].error


def test_a_hang_ends_the_side_but_keeps_what_ran(tmp_path: Path, fake: str) -> None:
    started = time.monotonic()
    side = run(tmp_path, fake, 'first', 'hangs', 'last', timeout=3)
    assert time.monotonic() - started < 15
    assert not side.jobs[0].error
    assert 'did not end within 3 seconds' in side.jobs[1].error
    assert 'not run: did not end' in side.jobs[2].error
    assert side.jobs[1].says_nothing
    assert side.jobs[2].says_nothing


def test_each_model_is_done_as_soon_as_its_signatures_are_and_shares_no_trouble(tmp_path: Path, fake: str) -> None:
    started = time.monotonic()
    sides = run_models(tmp_path, fake, [('a', 'segfault'), ('hangs', 'b'), (), ('c',)], timeout=3)
    assert time.monotonic() - started < 20
    assert [[bool(job.error) for job in side.jobs] for side in sides] == [[False, True], [True, True], [], [False]]
    assert 'SIGSEGV' in sides[0].jobs[1].error
    assert 'did not end within 3 seconds' in sides[1].jobs[0].error
    assert {side.error for side in sides} == {''}


def test_a_model_that_wants_all_the_memory_gets_an_error(tmp_path: Path) -> None:
    python = patched(tmp_path / 'python', EATS_MEMORY)
    (side,) = run_models(tmp_path, python, [('eats', 'modest')], memory=1_000_000_000)
    assert side.jobs[0].says_nothing
    assert side.jobs[0].error == 'needs more memory than the 1.0 GB that it may take'
    assert not side.jobs[1].error


def test_nothing_runs_on_when_the_one_who_asked_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / 'pids'
    python = patched(tmp_path / 'python', f'{FAKE_TENSORFLOW}\nopen({str(pids)!r}, "w").write(str(os.getpid()))\n')
    program = (
        'import sys; from pathlib import Path; from tests.migrate.verify.test_runs import run\n'
        f'run(Path({str(tmp_path)!r}), {python!r}, "hangs")'
    )
    asking = subprocess.Popen([sys.executable, '-c', program])
    for _ in range(200):
        if pids.exists() and pids.read_text():
            break
        time.sleep(0.1)
    asking.kill()
    asking.wait()
    _assert_ended(int(pids.read_text()))


def test_a_hang_before_the_start_is_an_error_of_the_side(tmp_path: Path) -> None:
    pid = tmp_path / 'pid'
    python = shell(tmp_path / 'python', f'sleep 60 & echo $! > "{pid}"; wait')
    side = run(tmp_path, python, 'a', timeout=0.5)
    assert 'did not end within 0.5 seconds' in side.error
    assert side.jobs[0].says_nothing
    _assert_ended(int(pid.read_text()))


def _assert_ended(pid: int) -> None:
    """The child of the killed process was in its group: it must not live on."""
    for _ in range(50):
        try:
            state = Path(f'/proc/{pid}/stat').read_text().split()[2]
        except OSError:
            return
        if state == 'Z':
            return
        time.sleep(0.1)
    pytest.fail('the child of a killed worker is still running')


def test_a_missing_interpreter_is_an_error_of_the_side(tmp_path: Path) -> None:
    side = run(tmp_path, str(tmp_path / 'python3.7'), 'a')
    assert side.error == f'there is no interpreter {tmp_path / "python3.7"}'
    assert side.jobs[0].says_nothing


def test_what_is_no_interpreter_is_an_error_of_the_side(tmp_path: Path) -> None:
    text = tmp_path / 'python'
    text.write_bytes(b'\0\1\2')
    text.chmod(0o755)
    assert 'cannot be started' in run(tmp_path, str(text), 'a').error


def test_an_interpreter_that_does_nothing_is_an_error_of_the_side(tmp_path: Path) -> None:
    python = shell(tmp_path / 'python', 'echo hello >&2')
    assert run(tmp_path, python, 'a').error == (
        f'{python} is no Python with a TensorFlow that starts: '
        'the process ended with exit code 0; its last words: hello'
    )


def test_an_interpreter_that_dies_at_the_start_is_an_error_of_the_side(tmp_path: Path) -> None:
    side = run(tmp_path, shell(tmp_path / 'python', 'echo oops >&2; kill -SEGV $$'), 'a')
    assert side.error.endswith('that starts: the process died of SIGSEGV; its last words: oops')


def test_an_interpreter_without_tensorflow_says_so(tmp_path: Path) -> None:
    patch = 'def missing(name): raise ImportError("no " + name)\nworker.importlib.import_module = missing'
    python = patched(tmp_path / 'python', patch)
    assert run(tmp_path, python, 'a').error == (
        f'{python} has no TensorFlow that can be imported: ImportError: no tensorflow'
    )


def test_nothing_that_changes_tensorflow_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ('TF2_BEHAVIOR', 'TF_USE_LEGACY_KERAS', 'TF_XLA_FLAGS', 'XLA_FLAGS', 'PYTHONHOME'):
        monkeypatch.setenv(name, '1')
    monkeypatch.setenv('PYTHONPATH', 'somewhere')
    other = environment('/other/python')
    assert not {'TF2_BEHAVIOR', 'TF_USE_LEGACY_KERAS', 'TF_XLA_FLAGS', 'XLA_FLAGS', 'PYTHONHOME'} & set(other)
    assert other['TF_ENABLE_ONEDNN_OPTS'] == '0'
    assert other['CUDA_VISIBLE_DEVICES'] == '-1'
    assert 'PYTHONPATH' not in other
    assert environment(sys.executable)['PYTHONPATH'] == 'somewhere'
    assert os.environ['TF2_BEHAVIOR'] == '1'


@pytest.mark.parametrize(
    'fatal',
    [
        'F0000 00:00:1795290055.096922   28961 abort_op.cc:46] the model says stop',
        '2026-11-21 19:41:22.524335: F tensorflow/core/kernels/control_flow_ops.cc:680] the model says stop',
    ],
)
def test_the_last_words_of_a_model_are_what_tensorflow_says_and_not_its_stack(tmp_path: Path, fatal: str) -> None:
    stack = '*** Check failure stack trace: ***\n    @     0x7f8c737a8594  Eigen::ThreadPoolTempl<>::WorkerLoop()\n'
    (tmp_path / 'words').write_text(f'WARNING: all\nI0000 00:00 port.cc:1] hello\nlater\n{fatal}\n{stack}')
    assert _last_words(tmp_path / 'words') == 'the model says stop'
    (tmp_path / 'words').write_text(f'later\n{stack}')
    assert _last_words(tmp_path / 'words') == 'later'
