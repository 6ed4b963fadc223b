"""The signals that end the command: each is heard once, and not before what runs can be ended with it."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_HELD_BACK = (signal.SIGINT, signal.SIGTERM)


def exit_on_terminate() -> None:
    """Lets SIGTERM end the process by way of an exception, so that what runs at the time (a model) is ended as well."""
    signal.signal(signal.SIGTERM, _exit)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Signals that come inside of the block take effect at its end: for what must be whole, such as a start."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals reach the main thread only.
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _HELD_BACK}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


@contextlib.contextmanager
def saying(what: Callable[[], str]) -> Iterator[None]:
    """Where Ctrl-C ends the block, the command says in its last line what was done until then."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(what()) from None


def ignore(number: signal.Signals) -> None:
    """Lets a signal pass. By a function, and not by SIG_IGN, which the programs started here would inherit."""
    signal.signal(number, _pass)


def _exit(number: int, _: FrameType | None) -> None:
    # A process may get it twice, from the terminal and from the process that started it: the second one would come in
    # the middle of ending what runs.
    ignore(signal.Signals(number))
    sys.exit(128 + number)


def _pass(number: int, _: FrameType | None) -> None:
    pass
