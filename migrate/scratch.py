"""Folders to work in that are gone afterwards; those of runs that were killed, the next run removes.

A lock says which of them are in use: see `holding`.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from migrate.holding import held

_NAME = 'savedmodel-migrate-{}.tmp'
_TRIES = 3


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of its own among the system's temporary files, which nobody else can read."""
    folder = Path(tempfile.gettempdir())
    remove_dead(folder)
    with scratch_in(folder, mode=0o700) as scratch:
        yield scratch


@contextmanager
def scratch_in(folder: Path, prefix: str = '', mode: int = 0o777) -> Iterator[Path]:
    """A folder of its own in `folder`; what it is called begins with `prefix`."""
    for attempt in range(_TRIES):
        scratch = folder / f'{prefix}{_NAME.format(secrets.token_hex(4))}'
        scratch.mkdir(mode)
        with held(scratch) as is_ours:
            # Before it was held, another run may have taken it for left behind. Some disks know no locks at all.
            if is_ours or (attempt == _TRIES - 1 and scratch.exists()):
                try:
                    yield scratch
                finally:
                    shutil.rmtree(scratch, ignore_errors=True)
                return
        with suppress(OSError):
            scratch.rmdir()
    raise FileExistsError(f'no folder to work in could be made in {folder}')


def remove_dead(folder: Path, prefixes: str = '') -> None:
    """Removes what `scratch_in` made in a folder, with prefixes of this pattern, and a run that was killed left there.

    Only folders of this user, and never through a link.
    """
    pattern = re.compile(prefixes + re.escape(_NAME).replace(r'\{\}', '[0-9a-f]{8}'))
    found: list[Path] = []
    with suppress(OSError):
        found = [path for path in folder.iterdir() if pattern.fullmatch(path.name)]
    for scratch in found:
        with held(scratch) as is_dead, suppress(OSError):
            if is_dead and scratch.is_dir() and scratch.stat().st_uid == os.getuid():
                shutil.rmtree(scratch, ignore_errors=True)
