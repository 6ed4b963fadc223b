"""The first pass over a project's files: which of them work with the same Estimators, and so change together."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from rewriters.kept_estimators.facts import Facts, may_take_part, read_facts
from rewriters.kept_estimators.project import decide
from rewriters.options import EstimatorUse


def find_estimators(files: Sequence[Path]) -> dict[Path, EstimatorUse]:
    """What the files have to do with Estimators; only where one is made are other files read."""
    sources = {file.absolute().as_posix(): file for file in files}
    candidates = [path for path, file in sources.items() if may_take_part(_read(file))]
    if not candidates:
        return {}

    @functools.cache
    def facts_of(path: str) -> Facts:
        return read_facts(_read(sources[path]))

    return {sources[path]: use for path, use in decide(list(sources), candidates, facts_of).items()}


def find_estimators_in(source: bytes) -> EstimatorUse | None:
    """As `find_estimators`, for a source that is all there is of its project."""
    if not may_take_part(source):
        return None
    return decide(['source.py'], ['source.py'], lambda _: read_facts(source)).get('source.py')


def _read(file: Path) -> bytes:
    """What can't be read has nothing to do with Estimators: that it can't be is said when its turn comes."""
    try:
        return file.read_bytes()
    except OSError:
        return b''
