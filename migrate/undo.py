"""Takes back a run of `rewrite`, by its journal: every file byte for byte as it was, or nothing at all.

What is done is the same however far the run came, and however far an earlier try came: files that are as they were are
left alone, and the journal goes last.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from migrate.files import is_skipped_folder, remove_leftovers, write_atomically
from migrate.journal import Entry, JournalError, digest, forget, journals_of, read, remove_empty_folder


class ChangedSinceError(Exception):
    """Files have other content than the run left in them; undoing it would lose that."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__(f'{len(files)} files changed since')
        self.files = files


@dataclass(frozen=True)
class Undone:
    """One file that was taken back; `removed` if the run had made it."""

    path: Path
    removed: bool


def last_journal(start: Path) -> Path | None:
    """The newest journal of the folder or, in a repository, of the nearest one above it there that has any.

    What is further up belongs to something else.
    """
    folders = _folders_of(start)
    return next((journals[0] for folder in folders if (journals := journals_of(folder))), None)


def folders_to_undo(start: Path) -> list[Path]:
    """Where the journals are that may be meant where `last_journal` finds none: those of the latest runs come first.

    In a repository, those are in folders below; else in the nearest folder above it all, if what was rewritten there
    belongs to it.
    """
    *_, top = _folders_of(start)
    below = [(journals[0].name, folder) for folder in _folders_below(start) if (journals := journals_of(folder))]
    if below:
        return [folder for _, folder in sorted(below, reverse=True)]
    above = next((journals[0] for folder in top.parents if (journals := journals_of(folder))), None)
    return [above.parents[2]] if above is not None and _is_about(above, top) else []


def remove_empty_folders(start: Path) -> None:
    """Removes the folders for journals that runs left which were killed before they wrote any."""
    for folder in _folders_of(start):
        remove_empty_folder(folder)


def undo(journal: Path, *, force: bool = False) -> list[Undone]:
    """Takes back what the journal says.

    Raises:
        ChangedSinceError: without `force`, if files changed since. Nothing was taken back then.
        JournalError: the journal can't be read, or names files elsewhere.
    """
    root = journal.parents[2]
    entries = [(entry, _place(root, entry.path)) for entry in reversed(read(journal))]
    # What a run was killed at is none of the user's, whatever becomes of the rest.
    for folder in {path.parent for _, path in entries}:
        remove_leftovers(folder)
    to_do = [(entry, path) for entry, path in entries if _content(path) != entry.before]
    changed = [path for entry, path in to_do if not _is_as_left(entry, path)]
    if changed and not force:
        raise ChangedSinceError(sorted(changed))
    for entry, path in to_do:
        _take_back(root, entry, path)
    forget(journal)
    return sorted((Undone(path, entry.before is None) for entry, path in to_do), key=lambda undone: undone.path)


def _folders_of(start: Path) -> list[Path]:
    """Where a journal of what is in a folder may be."""
    start = Path(os.path.realpath(start))
    folders = [start, *start.parents]
    root = next((number for number, folder in enumerate(folders) if (folder / '.git').exists()), 0)
    return folders[: root + 1]


def _folders_below(start: Path) -> Iterator[Path]:
    """The folders of the same repository. Where there is none, what is below may be a whole disk."""
    real = os.path.realpath(start)
    if not (_folders_of(start)[-1] / '.git').exists():
        return
    for parent, folders, files in os.walk(real):
        if parent != real and '.git' in (*folders, *files):
            folders.clear()  # another repository
            continue
        folders[:] = [name for name in folders if not is_skipped_folder(Path(parent, name))]
        yield Path(parent)


def _is_about(journal: Path, folder: Path) -> bool:
    """Whether a journal names a file in a folder."""
    root = journal.parents[2]
    try:
        return any((root / entry.path).is_relative_to(folder) for entry in read(journal))
    except (JournalError, OSError):
        return False


def _take_back(root: Path, entry: Entry, path: Path) -> None:
    if entry.before is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, entry.before)
        return
    path.unlink(missing_ok=True)
    for folder in entry.made:
        with contextlib.suppress(OSError):  # there may be something else in it by now
            _place(root, folder).rmdir()


def _place(root: Path, name: str) -> Path:
    """Where a name of the journal stands. A journal that came from elsewhere must not lead out of its folder."""
    path = root / name
    if not Path(os.path.realpath(path)).is_relative_to(root):
        raise JournalError(f'{path} leads out of {root}: nothing was undone')
    return path


def _is_as_left(entry: Entry, path: Path) -> bool:
    content = _content(path)
    return content is not None and digest(content) == entry.after


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
