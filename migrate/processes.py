"""One call for each of many files, in processes, of which any may die: the outcomes come in the order of the files."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import TypeVar

_Argument = TypeVar('_Argument')
_Outcome = TypeVar('_Outcome')

_AT_ONCE = 8
"""So many files are handed to a process together: handing over one takes a tenth of the time that it needs."""


def map_in_processes(
    call: Callable[[_Argument], _Outcome],
    arguments: Sequence[_Argument],
    jobs: int,
    died: Callable[[_Argument], _Outcome],
) -> Iterator[_Outcome]:
    """Yields what `call` returns for each of `arguments`, in their order; `died` where a process ended in it."""
    context: BaseContext = multiprocessing.get_context()
    done, at_once = 0, _AT_ONCE
    while done < len(arguments):
        for outcome in _until_one_dies(call, arguments[done:], jobs, context, at_once):
            done += 1
            yield outcome
        if done < len(arguments):
            # It died of this one, or of one that was in hand at the same time: this one gets a process of its own.
            # Not forked: what is left of the dead processes' threads could bring that to a halt.
            context, at_once = multiprocessing.get_context('spawn'), 1
            one = arguments[done]
            yield from list(_until_one_dies(call, [one], 1, context)) or [died(one)]
            done += 1


def _until_one_dies(
    call: Callable[[_Argument], _Outcome],
    arguments: Sequence[_Argument],
    jobs: int,
    context: BaseContext,
    at_once: int = 1,
) -> Iterator[_Outcome]:
    """Yields the outcomes in order; ends early where a process died and took the others with it."""
    pool = ProcessPoolExecutor(min(jobs, len(arguments)), context, initializer=_end_quietly)
    try:
        yield from pool.map(call, arguments, chunksize=at_once)
    except BrokenProcessPool:
        return
    except BaseException:
        # Whoever interrupts the command does not want to wait for what it has in hand.
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_quietly() -> None:
    """Lets a signal end the process at once: nothing in it needs to be put in order."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
