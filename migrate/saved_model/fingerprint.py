"""The fingerprint of a SavedModel: changes when what is served may change, and is read from little of its files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


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
    return [Path(folder, name) for folder, _, names in os.walk(path) for name in names if Path(folder, name).is_file()]
