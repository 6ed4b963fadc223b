"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rewriters.options import EstimatorUse

_WORDS = (b'stimator', b'export_saved')
"""Without one of these, nothing in a file takes part in the making or export of an Estimator."""


def find_estimators(files: Sequence[Path]) -> dict[Path, EstimatorUse]:
    """What the files have to do with Estimators."""
    if not any(_takes_part(_read(file)) for file in files):
        return {}
    from rewriters.kept_estimators.project import decide  # takes as long to import as many a file to rewrite

    sources = {file.absolute().as_posix(): file for file in files}
    return {sources[path]: use for path, use in decide(list(sources), lambda path: _read(sources[path])).items()}


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    if not _takes_part(source):
        return None
    from rewriters.kept_estimators.project import decide

    return decide(['source.py'], lambda _: source).get('source.py')


def _takes_part(source: bytes) -> bool:
    return any(word in source for word in _WORDS)


def _read(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return file.read_bytes()
    except OSError:
        return b''
