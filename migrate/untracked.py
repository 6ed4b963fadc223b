"""Support modules that are in the folder and not in git: whoever checks the code out that imports them has none."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from migrate.codemod import Outcome
from migrate.files import NOTEBOOK, read_file
from migrate.git import is_tracked
from migrate.support_files import is_support_file, place_of

_WORD = b'_module'
_IMPORT = rb'[ \t]*(?:import|from)[ \t][^#"\n\\]*\b(session_module|estimator_(?:[a-z]+_)?module)\b'
_IN_SOURCE = re.compile(rb'^' + _IMPORT, re.MULTILINE)
# A cell is a string of JSON, or each of its lines is one.
_IN_NOTEBOOK = re.compile(rb'(?:"|\\n)' + _IMPORT)


def without_untracked(outcomes: Iterable[Outcome], shown: Callable[[Path], str]) -> Iterator[Outcome]:
    """The outcomes; a file that stays, and that git tracks with an import of what it does not track, fails.

    git is asked only where there is such an import. Of a file that is changed, it is said when it has been committed.
    """
    knows = functools.cache(is_tracked)
    for outcome in outcomes:
        if not outcome.changed and not outcome.report.error:
            file = Path(outcome.report.path)
            missing = [path for path in _imported_by(file) if knows(path) is False]
            if missing and is_tracked(file):
                outcome = replace(outcome, report=replace(outcome.report, error=_message(missing, shown)))
        yield outcome


def _imported_by(file: Path) -> list[Path]:
    """The support modules that are there, of those that a file imports."""
    try:
        source = read_file(file)
    except OSError:
        return []  # it is said already
    pattern = _IN_NOTEBOOK if file.suffix == NOTEBOOK else _IN_SOURCE
    names = sorted({name.decode() for name in pattern.findall(source)}) if _WORD in source else []
    return [path for path in (place_of(file, name) for name in names) if is_support_file(path)]


def _message(missing: list[Path], shown: Callable[[Path], str]) -> str:
    names = ' and '.join(path.name for path in missing)
    command = shlex.join(['git', 'add', *map(shown, missing)])
    return f'imports {names}, which git does not track, and would not run where it is checked out: `{command}`'
