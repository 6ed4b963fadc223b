"""A copy of a project to work in, from which nothing leads back into the project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from migrate.files import is_skipped_folder


def copy_project(project: Path, target: Path, leave_out: Iterable[Path] = ()) -> list[str]:
    """Copies `project` to the new folder `target`, without caches, environments and the folders in `leave_out`.

    Links stay links if they stay inside the project. Returns what was skipped and might be missed.
    """
    root = Path(os.path.realpath(project))
    copier = _Copier(root, frozenset(Path(os.path.realpath(folder)) for folder in leave_out))
    copier.copy_folder(root, target)
    return copier.skipped


@dataclass
class _Copier:
    root: Path
    leave_out: frozenset[Path]
    skipped: list[str] = field(default_factory=list)

    def copy_folder(self, folder: Path, target: Path) -> None:
        # Not with the mode of the original: nothing could be written into a copy of a read-only folder.
        target.mkdir(parents=True)
        for source in sorted(folder.iterdir()):
            copy = target / source.name
            if source in self.leave_out or is_skipped_folder(source):
                continue
            if source.is_symlink():
                self.copy_link(source, copy)
            elif source.is_dir():
                self.copy_folder(source, copy)
            elif source.is_file():
                shutil.copy2(source, copy)
            else:
                self.skipped.append(f'{source.relative_to(self.root)} (no ordinary file)')

    def copy_link(self, link: Path, copy: Path) -> None:
        """Copies a link as one that points into the copy, also where the original has an absolute path."""
        destination = Path(os.path.realpath(link))
        if destination.is_relative_to(self.root):
            copy.symlink_to(os.path.relpath(destination, link.parent))
        else:
            self.skipped.append(f'{link.relative_to(self.root)} (a link that leaves the project)')
