"""Runs functions in processes that are killed at each of their steps on the file system, or whose disk is full."""

from __future__ import annotations

import functools
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

# What changes something on the disk, by the names of Python's audit events. Each is raised before it happens.
_STEPS = ('os.rename', 'os.remove', 'os.mkdir', 'os.rmdir', 'os.link', 'os.symlink', 'os.chmod', 'os.chown', 'shutil.')
_MOST = 1000


def kill_at_each_step(function: Callable[[], object]) -> Iterator[int]:
    """Runs a function again and again, each time in a process that is killed one step later; yields after each kill.

    Ends after the run that came to its end.
    """
    for last in range(1, _MOST):
        status = _in_a_child(functools.partial(with_last_step, function, last))
        if status == 0:
            return
        assert os.WIFSIGNALED(status)
        assert os.WTERMSIG(status) == signal.SIGKILL
        yield last


def with_full_disk(function: Callable[[], object], free: int) -> bool:
    """Runs a function in a process that can't write files of more than `free` bytes; whether it came to its end."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
        function()

    return _in_a_child(limited) == 0


def _in_a_child(function: Callable[[], object]) -> int:
    """A copy of this process: to start a new one for each kill would take minutes."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        function()
    except BaseException:
        os._exit(1)
    os._exit(0)


def with_last_step(function: Callable[[], object], last: int) -> None:
    """Runs a function in this process, which is killed at that step."""
    taken = _count(lambda count: os.kill(os.getpid(), signal.SIGKILL) if count == last else None)
    function()
    assert taken() < last


def count_steps(function: Callable[[], object]) -> int:
    """Runs a function in this process, and tells how many steps it takes."""
    taken = _count(lambda count: None)
    function()
    return taken()


def _count(at_each: Callable[[int], object]) -> Callable[[], int]:
    """From now on, for there is no way back."""
    count = 0

    def step(event: str, details: tuple[Any, ...]) -> None:
        nonlocal count
        mode = details[1] if event == 'open' else ''
        if event.startswith(_STEPS) or (isinstance(mode, str) and set(mode) & set('wax+')):
            count += 1
            at_each(count)

    sys.addaudithook(step)
    return lambda: count
