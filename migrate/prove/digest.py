"""Tells whether a proof still holds: of the same sources, and of the same models."""

from __future__ import annotations

import hashlib
from pathlib import Path

from migrate.files import walk_python_files
from migrate.report.model import Proof
from migrate.saved_model.fingerprint import fingerprint
from migrate.verify.results import Side


def sources_digest(project: Path) -> str:
    """Returns the SHA-256 over the path and the content of every Python file of `project`."""
    digest = hashlib.sha256()
    for file in walk_python_files(project):
        content = file.read_bytes()
        # With its length in front, no content can be taken for the path of the next file.
        digest.update(f'{file.relative_to(project).as_posix()}\0{len(content)}\0'.encode(errors='surrogateescape'))
        digest.update(content)
    return digest.hexdigest()


def still_holds(proof: Proof, project: Path) -> bool:
    """Whether the sources of `project` are those that were proven, as they were or rewritten, and so are the models."""
    sides = [side for model in proof.models for side in (model.verification.old, model.verification.new)]
    try:
        is_same = sources_digest(project) in (proof.sources_digest, proof.rewritten_digest)
        return is_same and not any(map(_has_changed, sides))
    except OSError:
        return False  # of what can't be read, nothing is known to be proven


def _has_changed(side: Side) -> bool:
    """Whether another model is in its place. A copy that was removed says nothing."""
    path = Path(side.path)
    return bool(side.fingerprint) and path.exists() and fingerprint(path) != side.fingerprint
