"""Runs both sides of many pairs at the same time, each in workers of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate.verify.runs import Job, Runner, SideRun


@dataclass(frozen=True)
class Settings:
    """How verifications are run."""

    old_python: str
    new_python: str
    timeout: float
    """Seconds for each model."""
    memory: int
    """Bytes that a worker may take."""
    workers: int
    """How many workers each side may have at the same time."""
    progress: Callable[[str], None]
    on_error: Callable[[OSError], None] | None = None
    """Gets why a result could not be stored; without it, that raises."""
    on_misuse: Callable[[str], None] | None = None
    """Gets what was asked for that the models don't have, or how inputs don't fit them: what the result says, too."""


PairJobs = tuple[Sequence[Job], Sequence[Job]]
"""What is run of the old and of the new model of a pair."""


def run_sides(pairs: Sequence[PairJobs], directory: Path, settings: Settings) -> Iterator[tuple[int, SideRun, SideRun]]:
    """Yields each pair, by its place, when both of its models were run. Threads watch the workers."""
    finished: queue.Queue[tuple[int, int, SideRun]] = queue.Queue()
    stopped = threading.Event()
    workers = min(settings.workers, len(pairs))
    runs: tuple[dict[int, SideRun], dict[int, SideRun]] = ({}, {})

    def start(side: int, worker: int) -> Future[None]:
        numbers = range(worker, len(pairs), workers)
        python = (settings.old_python, settings.new_python)[side]
        folder = directory / f'{("old", "new")[side]}-{worker}'
        runner = Runner(python, folder, settings.timeout, settings.memory, stopped, settings.progress)
        models = [pairs[number][side] for number in numbers]
        return pool.submit(runner.run, models, lambda number, run: finished.put((side, numbers[number], run)))

    with ThreadPoolExecutor(max(2 * workers, 1)) as pool:
        try:
            futures = [start(side, worker) for worker in range(workers) for side in (0, 1)]
            for _ in range(2 * len(pairs)):
                side, number, run = _next(finished, futures)
                runs[side][number] = run
                if all(number in each for each in runs):
                    yield number, runs[0].pop(number), runs[1].pop(number)
        finally:
            # Also where this was interrupted: the threads end their workers then.
            stopped.set()


def _next(finished: queue.Queue[Any], futures: Sequence[Future[None]]) -> tuple[int, int, SideRun]:
    """The next result; the error of a thread that ended with one."""
    while True:
        try:
            found: tuple[int, int, SideRun] = finished.get(timeout=0.5)
            return found
        except queue.Empty:
            for future in futures:
                if future.done():
                    future.result()
