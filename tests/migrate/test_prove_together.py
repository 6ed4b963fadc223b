"""Proofs at the same time: in the order that was asked for, each with its own outcome, and nothing left running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from migrate.config import ConfigError
from migrate.prove import prove, prove_together

MAIN = 'from migrate.cli import main; main()'
RUNS_UNTIL = """
import pathlib, time
pathlib.Path('started').touch()
while not pathlib.Path({go!r}).exists():
    time.sleep(0.05)
pathlib.Path('late').touch()
"""


def make_project(folder: Path, export: str) -> Path:
    """A project with a committed old export, whose new export is `export`."""
    (folder / 'old' / 'model').mkdir(parents=True)
    (folder / 'old' / 'model' / 'saved_model.pb').write_text('a model')
    (folder / 'export.py').write_text(export)
    (folder / 'pyproject.toml').write_text(
        '[tool.savedmodel-migrate.prove]\nrun = ["python export.py"]\nmodels = ["model"]\nold-exports = "old"\n'
    )
    return folder


@pytest.fixture
def python(tmp_path: Path) -> str:
    """A Python that says what TensorFlow it has without starting it, which takes longer than all else here."""
    script = tmp_path / 'python'
    answer = '["2.21.0", "3.11.7"]'
    script.write_text(f'#!/bin/sh\nif [ "$1" = -c ]; then echo \'{answer}\'; else exec {sys.executable} "$@"; fi\n')
    script.chmod(0o755)
    return str(script)


def test_another_proof_may_make_the_folder_first(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work_dir = tmp_path / 'work'
    mkdir = Path.mkdir

    def second(path: Path, *arguments: Any, **options: Any) -> None:
        """As if another process were always quicker to make the folder."""
        if path == work_dir and not path.exists():
            mkdir(path)
        mkdir(path, *arguments, **options)

    monkeypatch.setattr(Path, 'mkdir', second)
    project = make_project(tmp_path / 'project', 'raise SystemExit("it ran")')
    assert prove(project, new_python=python, work_dir=work_dir).log.endswith('it ran')


@pytest.mark.parametrize('jobs', [1, 3])
def test_outcomes_come_in_order(tmp_path: Path, python: str, jobs: int) -> None:
    exports = ['import time; time.sleep(0.5); raise SystemExit("slow")', 'raise SystemExit("quick")']
    slow, quick = (make_project(tmp_path / name, export) for name, export in zip('ab', exports, strict=True))
    without_settings = tmp_path / 'c'
    without_settings.mkdir()
    said: list[str] = []
    waiting = dict(
        prove_together([slow, quick, without_settings], jobs=jobs, new_python=python, work_dir=tmp_path / 'work')
    )
    assert list(waiting) == [slow, quick, without_settings]
    assert [waiting[project](said.append).log.split('\n')[-1] for project in (slow, quick)] == ['slow', 'quick']
    assert {message.partition(':')[0] for message in said} == {slow.as_posix(), quick.as_posix()}
    with pytest.raises(ConfigError, match=r'has no table \[tool.savedmodel-migrate.prove\]'):
        waiting[without_settings](said.append)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_what_runs(tmp_path: Path, python: str, number: signal.Signals) -> None:
    go = tmp_path / 'go'
    projects = [make_project(tmp_path / name, RUNS_UNTIL.format(go=str(go))) for name in 'abcde']
    command = [sys.executable, '-c', MAIN, 'prove', '-j', '2', '--new-python', python, *map(str, projects)]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Whoever runs the tests in the background has SIGINT ignored, and so would this process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while len(list(tmp_path.rglob('started'))) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    # As a terminal does: to all processes of the command. More than once, as by one who is in a hurry; but a second
    # SIGINT says not to wait for the end of what runs.
    for _ in range(3 if number == signal.SIGTERM else 1):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        time.sleep(0.005)
    words = process.communicate(timeout=20)[1].decode()
    # A shell reports both the same. The second: by a further signal, when Python had put its own things in order.
    assert process.returncode in (128 + number, -number)
    assert 'Traceback' not in words
    go.touch()
    time.sleep(1)
    assert not list(tmp_path.rglob('late'))
    assert len(list(tmp_path.rglob('started'))) == 2
