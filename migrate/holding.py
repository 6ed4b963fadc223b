"""Marks temporary files and folders as in use for as long as their process lives, so that those of dead ones can go.

A lock of the system does that: it ends with the process, however that ends, and holds on other machines that share the
disk. Where a disk knows no locks, nothing counts as left behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def hold(descriptor: int) -> bool:
    """Holds what was opened, until it is closed. False if another one has it, or the disk knows no locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Holds a file or folder, if nobody does and it is there; says whether."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, 'O_NOFOLLOW', 0))
    except OSError:
        yield False
        return
    try:
        yield hold(descriptor) and path.exists()
    finally:
        os.close(descriptor)
