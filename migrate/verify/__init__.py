"""Proves that a new SavedModel serves what an old one served, or says where it does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from migrate.verify.results import InputFile, OutputTolerance, Pair, Verdict, Verification, worst_of

__all__ = [
    'InputFile',
    'OutputTolerance',
    'Pair',
    'Verdict',
    'Verification',
    'most_memory',
    'verify',
    'verify_pairs',
    'worst_of',
]

Progress = Callable[[str], None]
OnError = Callable[[OSError], None]

# TensorFlow alone takes a quarter of it.
_LEAST_MEMORY = 2 << 30


def verify(
    old: Path,
    new: Path,
    *,
    old_python: str | None = None,
    new_python: str | None = None,
    timeout: float = 300,
    memory: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    on_error: OnError | None = None,
    on_misuse: Progress | None = None,
    **details: Any,
) -> Verification:
    """Compares two SavedModel directories: their contracts, then what they return for the same made-up inputs.

    Each side runs in processes of its own, under the interpreter given (a name or a path; else the current one), for
    at most `timeout` seconds and with at most `memory` bytes (else its share of the machine's). What goes wrong on
    the way is part of the result: nothing is raised for it. `on_error` gets why the result could not be stored;
    without it, that raises. `on_misuse` gets what was asked for that the models don't have, and why inputs don't fit.
    `details` are further fields of Pair.
    """
    ((_, verification),) = verify_pairs(
        [Pair(old, new, seed, **details)],
        old_python=old_python,
        new_python=new_python,
        timeout=timeout,
        memory=memory,
        progress=progress,
        on_error=on_error,
        on_misuse=on_misuse,
    )
    return verification


def verify_pairs(
    pairs: Sequence[Pair],
    *,
    old_python: str | None = None,
    new_python: str | None = None,
    timeout: float = 300,
    memory: int | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    on_error: OnError | None = None,
    on_misuse: Progress | None = None,
) -> Iterator[tuple[int, Verification]]:
    """Compares many pairs of SavedModel directories, with as few processes as possible: `jobs` for each side.

    Yields the result of each as soon as it is there, with the place of its pair among the pairs."""
    # Whoever only wants the result types, as the report does, needs no numpy and no protobuf.
    from migrate.verify import sides, verification

    settings = sides.Settings(
        old_python or sys.executable,
        new_python or sys.executable,
        timeout,
        memory or max(_LEAST_MEMORY, most_memory() // (2 * jobs)),
        jobs,
        progress or (lambda message: None),
        on_error,
        on_misuse,
    )
    return verification.verify_pairs(pairs, settings)


def most_memory() -> int:
    """How many bytes all workers together may take where nobody says: most of what the machine has."""
    return int(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') * 0.9) if hasattr(os, 'sysconf') else 1 << 62
