"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rewriters.kept_estimators.project import decide
from rewriters.options import EstimatorUse


def find_estimators(files: Sequence[Path]) -> dict[Path, EstimatorUse]:
    """What the files have to do with Estimators."""
    sources = {file.absolute().as_posix(): file for file in files}
    return {sources[path]: use for path, use in decide(list(sources), lambda path: _read(sources[path])).items()}


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    return decide(['source.py'], lambda _: source).get('source.py')


def _read(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return file.read_bytes()
    except OSError:
        return b''
