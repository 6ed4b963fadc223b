"""The fingerprint of a SavedModel: changes when what is served may change, and is read from little of its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

# Whatever else stands beside them in the folder, no loader reads it.
_FILES = ('saved_model.pb', 'saved_model.pbtxt', 'saved_model.cpb', 'fingerprint.pb')
_FOLDERS = ('variables', 'assets', 'assets.extra')
_MOST_FILES = 10_000


def fingerprint(path: Path) -> str:
    """Of a directory or a file; of what is not there as well."""
    digest = hashlib.sha256()
    for file in sorted(_files(path)):
        digest.update(f'{file.relative_to(path)}\0{file.stat().st_size}\0'.encode(errors='surrogateescape'))
        # Of these, which may be large, the index holds a checksum for every variable.
        if '.data-' not in file.name:
            with file.open('rb') as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = [path / name for name in _FILES if (path / name).is_file()]
    for folder in _FOLDERS:
        found += islice(_below(path / folder), _MOST_FILES)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in names if Path(place, name).is_file())
