"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.files import NOTEBOOK
from rewriters.options import EstimatorUse

if TYPE_CHECKING:
    from migrate.notebooks import Notebook

_WORDS = (b'stimator', b'export_saved')
"""Without one of these, nothing in a file takes part in the making or export of an Estimator."""


def find_estimators(files: Sequence[Path]) -> dict[Path, EstimatorUse]:
    """What the files have to do with Estimators; only those that `takes_part` says may have anything."""
    if not any(takes_part(_read(file)) for file in files):
        return {}
    from rewriters.kept_estimators.project import decide  # takes as long to import as many a file to rewrite

    paths = {file.absolute().as_posix(): file for file in files}
    notebooks = {path: _notebook(file) for path, file in paths.items() if file.suffix == NOTEBOOK}

    def source_of(path: str) -> bytes:
        if path not in notebooks:
            return _read(paths[path])
        notebook = notebooks[path]
        return notebook.with_runs_as_imports.encode() if notebook is not None else b''

    def line_of(path: str, line: int) -> str:
        notebook = notebooks.get(path)
        if notebook is None:
            return f'line {line}'
        from migrate.notebooks import line_in_cell

        return line_in_cell(notebook.script, line)

    return {paths[path]: use for path, use in decide(list(paths), source_of, line_of).items()}


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    if not takes_part(source):
        return None
    from rewriters.kept_estimators.project import decide

    return decide(['source.py'], lambda _: source).get('source.py')


def takes_part(source: bytes) -> bool:
    """Whether a file may have to do with Estimators, judging by a word."""
    return any(word in source for word in _WORDS)


def _notebook(file: Path) -> Notebook | None:
    """None where it takes no part, or can't be read."""
    source = _read(file)
    if not takes_part(source):
        return None
    from migrate.notebooks import read
    from rewriters.findings import SourceError

    try:
        return read(source)
    except SourceError:
        return None


def _read(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return file.read_bytes()
    except OSError:
        return b''
