"""How far a long run is, on a terminal and nowhere else."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

_T = TypeVar('_T')

_PATIENCE = 1.0
"""Seconds after which somebody at a terminal wants to know."""


def with_progress(items: Iterable[_T]) -> Iterator[_T]:
    """The items as they are; counted in a line on stderr that goes away, if that is a terminal and it takes longer.

    There, the items are handed on at the end, so that the line and what is told of them don't get in each other's way.
    """
    items = iter(items)
    if not sys.stderr.isatty():
        return items
    started = time.monotonic()
    done = []
    for item in items:
        done.append(item)
        if time.monotonic() - started > _PATIENCE:
            return itertools.chain(done, _counted(items, len(done)))
    return iter(done)


def _counted(items: Iterator[_T], already: int) -> list[_T]:
    from rich.console import Console

    done = []
    with Console(stderr=True).status('') as status:
        for item in items:
            done.append(item)
            status.update(f'{already + len(done):,} files')
    return done


class Bar:
    """How many of a known number are done, and what happens: a bar on stderr if that is a terminal, else lines."""

    def __init__(self, total: int, what: str, done: int = 0) -> None:
        self._total, self._what, self._done = total, what, done
        self._bar = _bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task('starting', total=total, completed=done) if self._bar else None

    def __enter__(self) -> Bar:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def say(self, message: str) -> None:
        """What happens now."""
        if self._bar:
            from rich.markup import escape

            self._bar.update(self._task, description=escape(message))
        else:
            click.echo(message, err=True)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts one more; what is printed within gets lines of its own."""
        self._done += 1
        if not self._bar:
            yield
            click.echo(f'{self._done} of {self._total} {self._what}', err=True)
            return
        self._bar.stop()
        yield
        self._bar.update(self._task, completed=self._done)
        self._bar.start()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn('{task.description}'))
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
