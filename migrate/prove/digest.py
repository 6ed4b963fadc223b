"""A digest of a project's sources, by which a proof can be told from one of other sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

from migrate.files import walk_python_files


def sources_digest(project: Path) -> str:
    """Returns the SHA-256 over the path and the content of every Python file of `project`."""
    digest = hashlib.sha256()
    for file in walk_python_files(project):
        content = file.read_bytes()
        # With its length in front, no content can be taken for the path of the next file.
        digest.update(f'{file.relative_to(project).as_posix()}\0{len(content)}\0'.encode(errors='surrogateescape'))
        digest.update(content)
    return digest.hexdigest()
