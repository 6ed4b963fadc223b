"""Proves that a new SavedModel serves what an old one served, or says where it does not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from migrate.verify.results import Verdict, Verification, worst_of

__all__ = ['Verdict', 'Verification', 'verify', 'worst_of']


def verify(
    old: Path,
    new: Path,
    *,
    old_python: str | None = None,
    new_python: str | None = None,
    timeout: float = 300,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Compares two SavedModel directories: their contracts, then what they return for the same made-up inputs.

    Each side runs in processes of its own, under the interpreter given (a name or a path; else the current one) and
    for at most `timeout` seconds. What goes wrong on the way is part of the result: nothing is raised for it.
    """
    # Whoever only wants the result types, as the report does, needs no numpy and no protobuf.
    from migrate.verify.verification import Settings, verify_models

    settings = Settings(
        old_python or sys.executable, new_python or sys.executable, timeout, seed, progress or (lambda message: None)
    )
    return verify_models(old, new, settings)
