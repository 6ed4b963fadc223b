"""How far a long run is, on a terminal and nowhere else."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

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
