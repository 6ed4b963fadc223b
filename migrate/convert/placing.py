"""Makes a directory beside the place where it belongs, and puts it there as a whole or not at all.

What a run leaves beside the place that was killed, the next run there removes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrate.convert.refusal import Refusal
from migrate.files import remove_leftovers
from migrate.scratch import remove_dead, scratch_in

_PATTERN = '[]*?\\'


def refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise Refusal(f'{target} exists already', 'Name a directory that does not exist, or remove this one first.')


def refuse_odd_path(path: Path) -> None:
    """TensorFlow looks for the values of variables by a pattern, and knows no names but those in UTF-8."""
    real = os.path.realpath(path)
    if set(_PATTERN) & set(real) or real.encode('utf-8', 'replace') != os.fsencode(real):
        raise Refusal(
            f'TensorFlow reads no models whose path has one of {_PATTERN} in it or is no UTF-8, as {path}',
            'Choose another folder, or copy the model to one.',
        )


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """A directory on the same disk as `target`, which is gone afterwards. Servers that watch the folder ignore it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch_in(target.parent, f'.{target.name}.') as scratch:
        yield scratch


def remove_what_dead_runs_left(folder: Path) -> None:
    """Removes what `scratch_beside` and the writing of a manifest left in a folder, in runs that were killed."""
    if not folder.is_dir():
        return
    remove_leftovers(folder)
    remove_dead(folder, r'\..+\.')


def put_in_place(directory: Path, target: Path) -> None:
    """Renames `directory` to `target`, once all that is in it is on the disk."""
    for parent, _, names in os.walk(directory):
        for name in names:
            _flush(os.path.join(parent, name))
        _flush(parent)
    refuse_existing(target)
    os.rename(directory, target)
    _flush(target.parent)


def _flush(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
