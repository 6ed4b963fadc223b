"""Runs one side of a verification: its signatures on cases, in worker processes that may crash or hang."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrate.verify import worker
from migrate.verify.worker import Tensor

# Variables that change how TensorFlow behaves. TensorFlow 2 sets TF2_BEHAVIOR when it is imported: inherited by a
# TensorFlow 1, it turns reference variables into resource variables.
_STRIPPED = ('TF_', 'TF2_', 'XLA_', 'CUDA_', 'PYTHONHOME', 'PYTHONSTARTUP', '__PYVENV')
_SETTINGS = {
    'TF_CPP_MIN_LOG_LEVEL': '2',
    'TF_ENABLE_ONEDNN_OPTS': '0',
    'CUDA_VISIBLE_DEVICES': '-1',
    'PYTHONDONTWRITEBYTECODE': '1',
    'PYTHONIOENCODING': 'utf-8',
}
# Signals that come from outside (or from a machine out of memory) and say nothing of the model.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MAX_LAST_WORDS = 1000


@dataclass(frozen=True)
class Case:
    """One set of inputs of a signature."""

    name: str
    tensors: Mapping[str, Tensor]
    leaves_out: str = ''
    """The input that is left out for its default."""
    setting: str = ''
    """How the switches among the inputs stand: cases are judged together only where it is the same."""


@dataclass(frozen=True)
class Job:
    """One signature to run: how its model is loaded, what it is run on."""

    key: str
    loader: str
    cases: Sequence[Case]
    inputs: frozenset[str]
    """The names that the signature takes; what a case has beyond them is not fed."""


@dataclass(frozen=True)
class CaseRun:
    """What one case gave, in the attempts `first`, `again` (same model) and `fresh` (model loaded anew)."""

    files: Mapping[str, str]
    errors: Mapping[str, str]

    def outputs(self, attempt: str) -> dict[str, Tensor]:
        return worker.load_tensors(self.files[attempt])

    @property
    def error(self) -> str:
        return self.errors.get('first', '')


@dataclass(frozen=True)
class JobRun:
    """What one signature gave. `error` is empty unless the model could not be loaded or the process ended."""

    cases: Mapping[str, CaseRun] = field(default_factory=dict)
    """By the names of the cases."""
    error: str = ''
    says_nothing: bool = False
    """Whether the error says nothing of the model: no time left, killed from outside, not even started."""
    unsupported: bool = False
    """Whether this TensorFlow has no such loader."""


@dataclass(frozen=True)
class SideRun:
    """What one side gave; its job runs stand in the order of the jobs."""

    jobs: Sequence[JobRun]
    tensorflow: str = ''
    python: str = ''
    error: str = ''
    """Why nothing could be run at all."""


@dataclass
class _Progress:
    """What is known so far of a side, over all the processes that it took."""

    done: dict[int, JobRun] = field(default_factory=dict)
    tensorflow: str = ''
    python: str = ''
    error: str = ''


@dataclass(frozen=True)
class Runner:
    """Where and how one side is run."""

    model: Path
    tags: frozenset[str]
    python: str
    directory: Path
    """A directory of the run's own."""
    timeout: float
    """Seconds for the whole side."""
    initialise_tables: bool
    """Whether tables of a model that does not initialise them are, as a client with a session of its own would."""
    progress: Callable[[str], None]

    def run(self, jobs: Sequence[Job]) -> SideRun:
        """Runs all jobs; a process that crashes in one of them is followed by another for the rest."""
        state = _Progress()
        interpreter = shutil.which(self.python)
        if interpreter is None:
            state.error = f'there is no interpreter {self.python}'
        else:
            self._prepare(jobs)
            self._run_all(state, interpreter, jobs)
        skipped = JobRun(error=state.error or 'was not run', says_nothing=True)
        runs = [state.done.get(number, skipped) for number in range(len(jobs))]
        return SideRun(runs, state.tensorflow, state.python, state.error)

    def _prepare(self, jobs: Sequence[Job]) -> None:
        self.directory.mkdir()
        # Python puts a script's directory first on sys.path: from its own, modules of ours would hide others.
        shutil.copyfile(worker.__file__, self.directory / 'worker.py')
        written: dict[int, str] = {}
        requests = [self._request(job, written) for job in jobs]
        request = {
            'model': str(self.model.resolve()),
            'tags': sorted(self.tags),
            'directory': str(self.directory),
            'initialise_tables': self.initialise_tables,
            'jobs': requests,
        }
        (self.directory / 'jobs.json').write_text(json.dumps(request), encoding='utf-8')

    def _request(self, job: Job, written: dict[int, str]) -> dict[str, Any]:
        cases = []
        for case in job.cases:
            if id(case) not in written:
                written[id(case)] = str(self.directory / f'inputs-{len(written)}.npz')
                worker.save_tensors(written[id(case)], dict(case.tensors))
            cases.append({'file': written[id(case)], 'inputs': sorted(job.inputs & case.tensors.keys())})
        return {'key': job.key, 'loader': job.loader, 'cases': cases}

    def _run_all(self, state: _Progress, interpreter: str, jobs: Sequence[Job]) -> None:
        deadline = time.monotonic() + self.timeout
        remaining = list(range(len(jobs)))
        while remaining and not state.error:
            process = _Process(self.directory, len(state.done), interpreter, remaining)
            ending = process.run(deadline - time.monotonic(), self.timeout)
            running = self._read_events(state, process.events, jobs)
            if running is not None:
                state.done[running] = JobRun(error=ending.message, says_nothing=ending.says_nothing)
            remaining = [number for number in remaining if number not in state.done]
            if ending.out_of_time and state.tensorflow:
                for number in remaining:
                    state.done[number] = JobRun(error=f'not run: {ending.message}', says_nothing=True)
                return
            if running is None and remaining and not state.error:
                state.error = ending.message

    def _read_events(self, state: _Progress, path: Path, jobs: Sequence[Job]) -> int | None:
        """Takes over what a process did; returns the job in which it ended too early, if it did."""
        running: int | None = None
        for event in _events(path):
            if event['event'] == 'no tensorflow':
                state.error = f'{self.python} has no TensorFlow that can be imported: {event["message"]}'
            elif event['event'] == 'started':
                state.tensorflow, state.python = event['tensorflow'], event['python']
                self.progress(f'TensorFlow {state.tensorflow} on Python {state.python}')
            elif event['event'] == 'running':
                running = event['job']
            elif event['event'] == 'done':
                state.done[event['job']] = _job_run(jobs[event['job']], event['result'])
                running = None
        return running


@dataclass(frozen=True)
class _Ending:
    message: str
    says_nothing: bool = False
    out_of_time: bool = False


class _Process:
    """One worker process, in a process group of its own."""

    def __init__(self, directory: Path, number: int, interpreter: str, jobs: list[int]) -> None:
        self._directory = directory
        self._interpreter = interpreter
        self.events = directory / f'events-{number}.jsonl'
        self._words = directory / f'stderr-{number}.txt'
        self._request = directory / f'request-{number}.json'
        request = json.loads((directory / 'jobs.json').read_text(encoding='utf-8'))
        request |= {'events': str(self.events), 'numbers': jobs}
        self._request.write_text(json.dumps(request), encoding='utf-8')

    def run(self, seconds: float, allowed: float) -> _Ending:
        command = [self._interpreter, str(self._directory / 'worker.py'), str(self._request)]
        with self._words.open('wb') as words:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=words,
                    cwd=self._directory,
                    env=environment(self._interpreter),
                    start_new_session=True,
                )
            except OSError as error:
                return _Ending(f'{self._interpreter} cannot be started: {error.strerror or error}')
            try:
                code = process.wait(max(seconds, 0.01))
            except subprocess.TimeoutExpired:
                return _Ending(f'did not end within {allowed:g} seconds', says_nothing=True, out_of_time=True)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        return self._ending(code)

    def _ending(self, code: int) -> _Ending:
        words = _last_words(self._words)
        said = f'; its last words: {words}' if words else ''
        number = -code if code < 0 else code - 128  # a shell reports signal n of its child as 128 + n
        try:
            caught = signal.Signals(number)
        except ValueError:
            return _Ending(f'the process ended with exit code {code}{said}')
        hint = ' (out of memory?)' if caught == signal.SIGKILL else ''
        return _Ending(f'the process died of {caught.name}{hint}{said}', says_nothing=caught in _FROM_OUTSIDE)


def environment(interpreter: str) -> dict[str, str]:
    """What a worker inherits: nothing that changes how its TensorFlow behaves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRIPPED)}
    if Path(interpreter) != Path(sys.executable):
        kept.pop('PYTHONPATH', None)
    return kept | _SETTINGS


def _events(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    events = []
    for line in path.read_text(encoding='utf-8').splitlines():
        try:
            events.append(json.loads(line))
        except ValueError:
            break  # cut short by a crash while it was written
    return events


def _job_run(job: Job, result: dict[str, Any]) -> JobRun:
    runs = [CaseRun(case['files'], case['errors']) for case in result['cases']]
    cases = {case.name: run for case, run in zip(job.cases, runs, strict=False)}
    return JobRun(cases, result['error'], unsupported=result.get('unsupported', False))


def _last_words(path: Path) -> str:
    lines = path.read_text(encoding='utf-8', errors='replace').splitlines()
    telling = [line.strip() for line in lines if line.strip() and not line.startswith(('I0000', 'WARNING', '20'))]
    return ' / '.join(telling[-4:])[-_MAX_LAST_WORDS:]
