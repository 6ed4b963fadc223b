"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.files import NOTEBOOK
from rewriters.options import EstimatorUse

if TYPE_CHECKING:
    from migrate.notebooks import Notebook

_WORDS = (b'stimator', b'export_saved')
"""Without one of these, nothing in a file takes part in the making or export of an Estimator."""


def read_source(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return file.read_bytes()
    except OSError:
        return b''


def find_estimators(
    files: Sequence[Path], some: Sequence[Path] | None = None, read: Callable[[Path], bytes] = read_source
) -> dict[Path, EstimatorUse]:
    """What the files have to do with Estimators; only `some`, which `takes_part` says may have anything.

    Without `some`, they are looked for. What comes out depends on nothing but the paths and what `read` returns.
    """
    if some is None:
        some = [file for file in files if takes_part(read(file))]
    if not some:
        return {}
    from rewriters.kept_estimators.project import decide  # takes as long to import as many a file to rewrite

    paths = {file.absolute().as_posix(): file for file in files}
    taking_part = [file.absolute().as_posix() for file in some]
    notebooks = {path: _notebook(read(paths[path])) for path in taking_part if path.endswith(NOTEBOOK)}

    def source_of(path: str) -> bytes:
        if not path.endswith(NOTEBOOK):
            return read(paths[path])
        notebook = notebooks.get(path)
        return notebook.with_runs_as_imports.encode() if notebook is not None else b''

    def line_of(path: str, line: int) -> str:
        notebook = notebooks.get(path)
        if notebook is None:
            return f'line {line}'
        from migrate.notebooks import line_in_cell

        return line_in_cell(notebook.script, line)

    return {paths[path]: use for path, use in decide(list(paths), source_of, line_of, taking_part).items()}


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    if not takes_part(source):
        return None
    from rewriters.kept_estimators.project import decide

    return decide(['source.py'], lambda _: source).get('source.py')


def takes_part(source: bytes) -> bool:
    """Whether a file may have to do with Estimators, judging by a word."""
    return any(word in source for word in _WORDS)


def _notebook(source: bytes) -> Notebook | None:
    """None where it can't be read."""
    from migrate.notebooks import read
    from rewriters.findings import SourceError

    try:
        return read(source)
    except SourceError:
        return None
