"""Runs one side of verifications: signatures on cases, in worker processes that may crash or hang.

One process runs the jobs of many models after one another, as starting TensorFlow takes longer than most of them.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrate.verify import worker
from migrate.verify.processes import Ending, Process
from migrate.verify.worker import Tensor

_UNKNOWN_OP = 'Op type not registered'
_LACKS_OP = ' (TensorFlow {} lacks it: a newer one may have it, or a library that --op-library loads)'
_NO_START = '{} is no Python with a TensorFlow that starts: {}'
_NO_MEMORY = 'needs more memory than the {:.1f} GB that it may take'


@dataclass(frozen=True)
class Case:
    """One set of inputs of a signature."""

    name: str
    tensors: Mapping[str, Tensor]
    leaves_out: str = ''
    """The input that is left out for its default."""
    setting: str = ''
    """How the switches among the inputs stand: cases are judged together only where it is the same."""
    apart: bool = False
    """Whether it may be too much for a model: it is run apart from the others, so that a crash costs only itself."""
    instead: Mapping[str, Tensor] = field(default_factory=dict)
    """What the new model gets for some of the inputs: the same values in the shape that it takes."""


@dataclass(frozen=True)
class Artifact:
    """One meta graph of a model, and how it is loaded."""

    path: Path
    tags: frozenset[str]
    initialise_tables: bool
    """Whether tables of a model that does not initialise them are, as a client with a session of its own would."""


@dataclass(frozen=True)
class Job:
    """One signature to run: of which model, how that is loaded, what it is run on."""

    artifact: Artifact
    key: str
    loader: str
    cases: Sequence[Case]
    inputs: frozenset[str]
    """The names that the signature takes; what a case has beyond them is not fed."""
    leaves_nothing: bool = False
    """Whether its calls leave no state behind: then it runs in a model that others of that kind have run in."""
    once: bool = False
    """Whether it is called once for each case only: that is enough where nothing is compared."""
    in_races: frozenset[str] = frozenset()
    """The outputs that read what the same call changes: they are read in calls of their own, before and after it."""
    anew: bool = False
    """Whether the model is loaded anew for each case: one that fails may leave any state behind."""


@dataclass(frozen=True)
class CaseRun:
    """What one case gave, in the attempts `first`, `again` (same model) and `fresh` (model loaded anew).

    `after first` and so on have what the outputs in races were after it; the attempts have what they were before.
    """

    files: Mapping[str, str]
    errors: Mapping[str, str]
    says_nothing: bool = False
    """Whether the errors say nothing of the model."""

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


def together(run: JobRun, apart: Job, apart_run: JobRun) -> JobRun:
    """One signature's run, with the cases that were run apart from the others."""
    if run.error or run.unsupported:
        return run
    lost = CaseRun({}, {'first': apart_run.error}, apart_run.says_nothing)
    cases = {case.name: apart_run.cases.get(case.name, lost) for case in apart.cases}
    return JobRun({**run.cases, **cases})


@dataclass(frozen=True)
class SideRun:
    """What one model gave; its job runs stand in the order of the jobs."""

    jobs: Sequence[JobRun]
    tensorflow: str = ''
    python: str = ''
    error: str = ''
    """Why nothing could be run at all."""


Done = Callable[[int, SideRun], None]
"""Takes the number of a model and what it gave, as soon as all of its jobs are done."""


@dataclass(frozen=True)
class Runner:
    """Where and how one side is run."""

    python: str
    directory: Path
    """A directory of the run's own."""
    timeout: float
    """Seconds for all the jobs of one model."""
    memory: int
    """Bytes that a process may take."""
    stopped: threading.Event
    progress: Callable[[str], None]

    def run(self, models: Sequence[Sequence[Job]], done: Done) -> None:
        """Runs the jobs of all models; a process that crashes in one of them is followed by another for the rest."""
        _Side(self, models, done).run()


class _Side:
    """The state of a run, over all the processes that it takes."""

    def __init__(self, runner: Runner, models: Sequence[Sequence[Job]], done: Done) -> None:
        self._runner = runner
        self._models = models
        self._done = done
        self._jobs = [job for jobs in models for job in jobs]
        self._model_of = [number for number, jobs in enumerate(models) for _ in jobs]
        self._runs: dict[int, JobRun] = {}
        self._reported: set[int] = set()
        self._deadlines: dict[int, float] = {}
        self._running: int | None = None
        self._tensorflow = self._python = self._error = ''

    def run(self) -> None:
        interpreter = shutil.which(self._runner.python)
        if interpreter is None:
            self._error = f'there is no interpreter {self._runner.python}'
        else:
            self._runner.directory.mkdir()
            # Python puts a script's directory first on sys.path: from its own, modules of ours would hide others.
            shutil.copyfile(worker.__file__, self._runner.directory / 'worker.py')
            requests = self._requests()
            attempt = 0
            while self._remaining and not self._error and not self._runner.stopped.is_set():
                self._run_process(interpreter, attempt, requests)
                attempt += 1
        if not self._runner.stopped.is_set():
            for number in self._remaining:
                self._runs[number] = JobRun(error='was not run', says_nothing=True)  # the side says why, once
            self._report()

    @property
    def _remaining(self) -> list[int]:
        return [number for number in range(len(self._jobs)) if number not in self._runs]

    def _run_process(self, interpreter: str, attempt: int, requests: list[dict[str, Any]]) -> None:
        remaining = self._remaining
        request = {
            'directory': str(self._runner.directory),
            'memory': self._runner.memory,
            'jobs': requests,
            'numbers': remaining,
        }
        process = Process(self._runner.directory, attempt, interpreter, request)
        self._running = None
        for events in process.watch(self._runner.stopped):
            for event in events:
                self._take(event)
            self._report()
            if not self._remaining:
                return  # it only has to end, which takes TensorFlow a while
            model = self._model_of[self._remaining[0]]
            if time.monotonic() > self._deadline(model):
                self._out_of_time(model)
                return
        if process.ending is None:
            return
        if self._running is not None:
            self._runs[self._running] = JobRun(error=process.ending.message, says_nothing=process.ending.says_nothing)
        elif self._remaining == remaining and not self._error:
            self._error = self._why_no_start(process.ending)

    def _why_no_start(self, ending: Ending) -> str:
        if self._tensorflow or ending.says_nothing:
            return ending.message
        return _NO_START.format(self._runner.python, ending.message)

    def _deadline(self, model: int) -> float:
        return self._deadlines.setdefault(model, time.monotonic() + self._runner.timeout)

    def _take(self, event: dict[str, Any]) -> None:
        """Takes over what a process did."""
        if event['event'] == 'no tensorflow':
            self._error = f'{self._runner.python} has no TensorFlow that can be imported: {event["message"]}'
        elif event['event'] == 'no library':
            self._error = f'TensorFlow of {self._runner.python} can load no --op-library: {event["message"]}'
        elif event['event'] == 'started':
            self._tensorflow, self._python = event['tensorflow'], event['python']
            self._runner.progress(f'TensorFlow {self._tensorflow} on Python {self._python}')
        elif event['event'] == 'running':
            self._running = event['job']
        elif event['event'] == 'done':
            self._runs[event['job']] = self._job_run(self._jobs[event['job']], event['result'])
            self._running = None

    def _out_of_time(self, model: int) -> None:
        """A model that takes too long costs the others nothing; a process that does not even start does."""
        message = f'did not end within {self._runner.timeout:g} seconds; --timeout gives it more'
        if not self._tensorflow:
            self._error = message
            return
        for number in self._remaining:
            if self._model_of[number] == model:
                error = message if number == self._running else f'not run: {message}'
                self._runs[number] = JobRun(error=error, says_nothing=True)

    def _report(self) -> None:
        start = 0
        for model, jobs in enumerate(self._models):
            numbers = range(start, start + len(jobs))
            start += len(jobs)
            if model not in self._reported and all(number in self._runs for number in numbers):
                self._reported.add(model)
                runs = [self._runs[number] for number in numbers]
                self._done(model, SideRun(runs, self._tensorflow, self._python, self._error))

    def _requests(self) -> list[dict[str, Any]]:
        written: dict[int, str] = {}
        return [self._request(job, written) for job in self._jobs]

    def _request(self, job: Job, written: dict[int, str]) -> dict[str, Any]:
        cases = []
        for case in job.cases:
            if id(case) not in written:
                written[id(case)] = str(self._runner.directory / f'inputs-{len(written)}.npz')
                worker.save_tensors(written[id(case)], dict(case.tensors))
            cases.append({'file': written[id(case)], 'inputs': sorted(job.inputs & case.tensors.keys())})
        return {
            'model': str(job.artifact.path.resolve()),
            'tags': sorted(job.artifact.tags),
            'initialise_tables': job.artifact.initialise_tables,
            'key': job.key,
            'loader': job.loader,
            'leaves_nothing': job.leaves_nothing,
            'once': job.once,
            'in_races': sorted(job.in_races),
            'anew': job.anew,
            'cases': cases,
        }

    def _job_run(self, job: Job, result: dict[str, Any]) -> JobRun:
        if result.get('out_of_memory'):
            return JobRun(error=_NO_MEMORY.format(self._runner.memory / 1e9), says_nothing=True)
        if _UNKNOWN_OP in result['error']:
            result['error'] = result['error'].rstrip('.') + _LACKS_OP.format(self._tensorflow)
        runs = [CaseRun(case['files'], case['errors']) for case in result['cases']]
        cases = {case.name: run for case, run in zip(job.cases, runs, strict=False)}
        return JobRun(cases, result['error'], unsupported=result.get('unsupported', False))
