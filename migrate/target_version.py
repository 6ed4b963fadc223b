"""The TensorFlow that rewritten code is for: given, set in the project's settings, or read from its requirements."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.config import AUTO, Settings, read_settings
from rewriters.options import FORMS, NEWEST_TARGET, OLDEST_TARGET, Version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_MINORS = range(100)
_PATCHES = range(20)


class Targets:
    """Knows the target version of each file, and the forms that its exports may take.

    `choice` goes before what projects say of the version; it may be `auto`.
    """

    def __init__(self, choice: Version | str | None = None) -> None:
        self._choice = choice

    @functools.cache  # noqa: B019  one of these lives as long as a command
    def of_folder(self, folder: Path) -> Version:
        """The target version of the files in a folder.

        Raises:
            ConfigError: the settings that apply there can't be read.
        """
        settings = self.settings_of(folder)
        choice = self._choice or (settings.target_version if settings is not None else None)
        if choice is None:
            return NEWEST_TARGET
        if choice != AUTO:
            assert isinstance(choice, tuple)
            return choice
        return of_project(folder) or NEWEST_TARGET

    def forms_of(self, folder: Path) -> tuple[str, ...]:
        """The forms that exports in a folder may take. Raises as `of_folder`."""
        settings = self.settings_of(folder)
        return settings.forms or FORMS if settings is not None else FORMS

    @functools.cache  # noqa: B019
    def settings_of(self, folder: Path) -> Settings | None:
        """The settings that apply to the files in a folder; None where there are none. Raises as `of_folder`."""
        return self._settings_in(folder.resolve())

    @functools.cache  # noqa: B019
    def _settings_in(self, folder: Path) -> Settings | None:
        """The settings that apply there. As `load_settings`, with each folder looked into only once."""
        settings = read_settings(folder)
        if settings is not None or folder.parent == folder:
            return settings
        return self._settings_in(folder.parent)


def of_project(folder: Path) -> Version | None:
    """The newest TensorFlow 2 that the requirements of the nearest project around a folder allow.

    Where several files of it pin TensorFlow 2, all of them count. None where none does: a project that is still at
    TensorFlow 1 does not say where it goes.
    """
    from migrate.requirements import tensorflow_requirements  # brings packaging, which most runs need not wait for

    allowed = set(_MINORS)
    found = False
    for specifiers in tensorflow_requirements(folder):
        minors = {minor for minor in _MINORS if _allows(specifiers, minor)}
        if minors:
            found = True
            allowed &= minors
    if not found or not allowed:
        return None
    return min(max((2, max(allowed)), OLDEST_TARGET), NEWEST_TARGET)


def _allows(specifiers: SpecifierSet, minor: int) -> bool:
    """Whether a release of 2.<minor> is allowed; which ones there are need not be known."""
    from packaging.version import Version as AnyVersion

    comparing = [specifier for specifier in specifiers if specifier.operator != '===']
    named = [AnyVersion(specifier.version.removesuffix('.*')) for specifier in comparing]
    candidates = [version for version in named if version.release[:2] == (2, minor)]
    candidates += [AnyVersion(f'2.{minor}.{patch}') for patch in _PATCHES]
    return any(specifiers.contains(version, prereleases=True) for version in candidates)
