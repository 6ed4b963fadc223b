"""Calls for each of many files, in processes, of which any may die: the outcomes come in the order of the files."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import TypeVar

_Argument = TypeVar('_Argument')
_Outcome = TypeVar('_Outcome')

_AT_ONCE = 8
"""So many files are handed to a process together: handing over one takes a tenth of the time that it needs."""


class Pool(ProcessPoolExecutor):
    """Processes that end with the `with` block, when all is done that they were given.

    Where the block is interrupted, they end in the middle of what they have in hand.
    """

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            for process in multiprocessing.active_children():
                process.terminate()
        self.shutdown(cancel_futures=kind is not None)


class Processes:
    """Processes that take calls until the `with` block ends; they start when there is something to do."""

    def __init__(self, jobs: int, context: BaseContext | None = None) -> None:
        self._jobs = jobs
        self._pool = Pool(jobs, context or multiprocessing.get_context(), initializer=_end_quietly)

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, traceback)

    def map(
        self,
        call: Callable[[_Argument], _Outcome],
        arguments: Sequence[_Argument],
        died: Callable[[_Argument], _Outcome],
    ) -> Iterator[_Outcome]:
        """Begins at once; yields what `call` returns for each of `arguments`, in their order.

        Where a process ended in it, it is what `died` returns.
        """
        try:
            outcomes = self._pool.map(call, arguments, chunksize=_AT_ONCE)
        except BrokenProcessPool:
            outcomes = iter(())
        return self._finished(outcomes, call, arguments, died)

    def _finished(
        self,
        outcomes: Iterator[_Outcome],
        call: Callable[[_Argument], _Outcome],
        arguments: Sequence[_Argument],
        died: Callable[[_Argument], _Outcome],
    ) -> Iterator[_Outcome]:
        done = 0
        with contextlib.suppress(BrokenProcessPool):
            for outcome in outcomes:
                done += 1
                yield outcome
        while done < len(arguments):
            # It died of this one, or of one that was in hand at the same time: this one gets a process of its own.
            yield from list(_until_one_dies(call, arguments[done : done + 1], 1)) or [died(arguments[done])]
            done += 1
            for outcome in _until_one_dies(call, arguments[done:], self._jobs):
                done += 1
                yield outcome


def _until_one_dies(
    call: Callable[[_Argument], _Outcome], arguments: Sequence[_Argument], jobs: int
) -> Iterator[_Outcome]:
    # Not forked: what is left of dead processes' threads could bring those that are to a halt.
    with Processes(jobs, multiprocessing.get_context('spawn')) as fresh, contextlib.suppress(BrokenProcessPool):
        yield from fresh._pool.map(call, arguments)


def _end_quietly() -> None:
    """Lets a signal end the process at once: nothing in it needs to be put in order."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
