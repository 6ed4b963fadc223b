"""Which files a walk takes beside those that are Python by name, and leaves out: by the settings above each folder."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from migrate.config import Settings, read_settings
from migrate.files import is_excluded


class Choice:
    """What `include` and `exclude` say of files: each holds for all that is below it, wherever a walk starts."""

    def check(self, folder: Path) -> None:
        """Raises ConfigError where the settings that apply to a folder can't be read, be it empty."""
        self._of(str(folder))

    def includes(self, folder: str, name: str) -> bool:
        """Whether a file is to be taken whatever its name. Raises as `check`."""
        return any(is_excluded(Path(real, name), its.include, its.folder) for real, its in self._of(folder))

    def excludes(self, folder: str, name: str) -> bool:
        """Whether a file is to be left out. Raises as `check`."""
        return any(is_excluded(Path(real, name), its.exclude, its.folder) for real, its in self._of(folder))

    @functools.cache  # noqa: B019  one of these lives as long as a walk
    def _of(self, folder: str) -> tuple[tuple[str, Settings], ...]:
        """The settings of the folder and of those above it, with where the folder really is."""
        real = os.path.realpath(folder)
        return tuple((real, settings) for settings in self._settings(Path(real)))

    @functools.cache  # noqa: B019
    def _settings(self, folder: Path) -> tuple[Settings, ...]:
        own = read_settings(folder)
        above = () if folder.parent == folder else self._settings(folder.parent)
        return above if own is None else (own, *above)
