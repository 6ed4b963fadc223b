"""Several proofs at a time, each in a process of its own: while one waits for its TensorFlow to start, another runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from functools import partial
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from migrate import interrupts
from migrate.processes import Pool
from migrate.prove.project import Progress, prove
from migrate.report.model import Proof

_LOOK_EVERY = 0.1
"""After so many seconds it is looked whether a proof has said something."""

_said: SimpleQueue[str]
"""In a process that proves: where what it says goes."""


def prove_together(
    projects: Sequence[Path], *, jobs: int, **options: Any
) -> Iterator[tuple[Path, Callable[[Progress], Proof]]]:
    """Proves `projects`, `jobs` at a time; yields each, in their order, with what waits for its proof.

    That takes what is to be told of the progress (of any project), and returns or raises as `prove` does. `options`
    are those of `prove`.
    """
    if jobs == 1 or len(projects) == 1:
        for project in projects:
            yield project, partial(_prove_here, project, options)
        return
    # Spawned: a forked process would share what threads of this one hold at the moment.
    context = multiprocessing.get_context('spawn')
    said: SimpleQueue[str] = context.SimpleQueue()
    with Pool(min(jobs, len(projects)), context, _start, (said,)) as pool:
        futures: list[Future[Proof]] = [pool.submit(_prove, project, options) for project in projects]
        for project, future in zip(projects, futures, strict=True):
            yield project, partial(_wait, future, said)


def _wait(future: Future[Proof], said: SimpleQueue[str], progress: Progress) -> Proof:
    while True:
        # What a proof says is in the queue before its outcome is known.
        is_done = future.done()
        while not said.empty():
            progress(said.get())
        if is_done:
            return future.result()
        wait([future], _LOOK_EVERY)


def _prove_here(project: Path, options: dict[str, Any], progress: Progress) -> Proof:
    return prove(project, progress=progress, **options)


def _start(said: SimpleQueue[str]) -> None:
    global _said
    _said = said
    # An interrupt of the terminal reaches the process that asked, too: that one ends this one.
    interrupts.ignore(signal.SIGINT)
    interrupts.exit_on_terminate()


def _prove(project: Path, options: dict[str, Any]) -> Proof:
    try:
        return prove(project, progress=_said.put, **options)
    except SystemExit:
        # The pool would take it for the outcome of this project, and go on with the next.
        os._exit(1)
