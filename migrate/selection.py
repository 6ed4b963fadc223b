"""Which findings are wanted: by what was asked for, and by the settings of the project that a file belongs to."""

from __future__ import annotations

import functools
from pathlib import Path

from migrate.codemod import Outcome, Selection
from migrate.config import Settings, load_settings
from migrate.files import is_excluded


class Selections:
    """Takes out of outcomes the findings that nobody wants. What is rewritten stays the same.

    A `select` that is given goes before the settings; an `ignore` is added to theirs.
    """

    def __init__(self, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> None:
        self._select = select
        self._ignore = ignore

    def apply(self, outcome: Outcome) -> Outcome:
        """The outcome with the wanted findings only."""
        if not outcome.report.findings:
            return outcome
        file = Path(outcome.report.path)
        settings = self._settings(file.absolute().parent)
        ignored = [*self._ignore, *settings.ignore]
        for pattern, codes in settings.per_file_ignores:
            if is_excluded(file, (pattern,), settings.folder):
                ignored += codes
        return Selection(self._select or settings.select, tuple(ignored)).apply(outcome)

    @functools.cache  # noqa: B019  one of these lives as long as a command
    def _settings(self, folder: Path) -> Settings:
        return load_settings(folder)
