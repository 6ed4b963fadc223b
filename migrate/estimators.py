"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.files import NOTEBOOK, read_file
from rewriters.options import EstimatorUse

if TYPE_CHECKING:
    from migrate.notebooks import Notebook

_WORDS = (b'stimator', b'export_saved')
"""Without one of these, nothing in a file takes part in the making or export of an Estimator."""


def read_source(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return read_file(file)
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

    project = _Project({file.absolute().as_posix(): file for file in files}, read)
    taking_part = [file.absolute().as_posix() for file in some]
    uses = decide(list(project.paths), project.source_of, project.line_of, project.runs_of, taking_part)
    return {project.paths[path]: use for path, use in uses.items()}


class _Project:
    """The files by their paths, as `decide` asks for them: notebooks as scripts."""

    def __init__(self, paths: Mapping[str, Path], read: Callable[[Path], bytes]) -> None:
        self.paths = paths
        self._read = read
        notebooks = [path for path in paths if path.endswith(NOTEBOOK)]
        self._notebooks = {path: _notebook(read(paths[path])) for path in notebooks if _may_share(read(paths[path]))}
        # What only stands between two notebooks need not say a word of Estimators itself.
        run = {other for path in list(self._notebooks) for other in self.runs_of(path)}
        self._notebooks |= {path: _notebook(read(paths[path])) for path in run & set(notebooks) - set(self._notebooks)}

    def source_of(self, path: str) -> bytes:
        """The source; nothing of a notebook that takes no part, or can't be read."""
        if not path.endswith(NOTEBOOK):
            return self._read(self.paths[path])
        notebook = self._notebooks.get(path)
        return notebook.script.encode() if notebook is not None else b''

    def line_of(self, path: str, line: int) -> str:
        """What a line is called where people read of it."""
        notebook = self._notebooks.get(path)
        if notebook is None:
            return f'line {line}'
        from migrate.notebooks import line_in_cell

        return line_in_cell(notebook.script, line)

    def runs_of(self, path: str) -> list[str]:
        """The files that a notebook runs by `%run`; those that are not there, as it names them."""
        notebook = self._notebooks.get(path)
        return [self._run_by(path, name) or name for name in notebook.runs] if notebook is not None else []

    def _run_by(self, path: str, name: str) -> str | None:
        named = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        for there in (named, f'{named}.py'):
            if there in self.paths:
                return there
        # The notebook may run in another folder than its own.
        names = (posixpath.basename(named), f'{posixpath.basename(named)}.py')
        same = [other for other in self.paths if posixpath.basename(other) in names]
        return min(same, key=lambda other: -len(posixpath.commonpath([other, path])), default=None)


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    if not takes_part(source):
        return None
    from rewriters.kept_estimators.project import decide

    return decide(['source.py'], lambda _: source).get('source.py')


def takes_part(source: bytes) -> bool:
    """Whether a file may have to do with Estimators, judging by a word."""
    return any(word in source for word in _WORDS)


def _may_share(source: bytes) -> bool:
    """Whether a notebook may take part, or run another file that does."""
    return takes_part(source) or b'%run' in source


def _notebook(source: bytes) -> Notebook | None:
    """None where it can't be read."""
    from migrate.notebooks import read
    from rewriters.findings import SourceError

    try:
        return read(source)
    except SourceError:
        return None
