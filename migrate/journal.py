"""The journal of a run of `rewrite`: what stood in each file, on the disk before the file is replaced.

A journal is a file of lines of JSON. The first says what it is, each further one is written, and on the disk, before
the file that it speaks of is touched. So a run that is killed at any point has said all that it did, and perhaps one
thing more. Paths are relative to the folder that the journal belongs to, which holds every file that it names.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from migrate import __version__

_FOLDER = '.savedmodel-migrate'
_VERSION = 1
_MOST = 20
"""So many journals are kept in a folder; the oldest go."""
_IGNORED = b'*\n'


class JournalError(Exception):
    """A journal that can't be read, or that speaks of files that are none of its business."""


@dataclass(frozen=True)
class Entry:
    """One file: what stood in it (None: there was none), and the digest of what was put there."""

    path: str
    before: bytes | None
    after: str
    made: tuple[str, ...] = ()
    """Folders that were made for it, the innermost first."""


class Journal:
    """The journal that a run writes. There is none on the disk until something is noted in it."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._file: int | None = None

    def note(self, path: Path, before: bytes | None, after: bytes) -> None:
        """Says that `path` is to be replaced. When this returns, that is on the disk."""
        real = Path(os.path.realpath(path))
        missing = [folder for folder in real.parents if not folder.exists()]
        content = {
            'path': self._name(real),
            'before': None if before is None else base64.b64encode(before).decode(),
            'after': digest(after),
            'made': [self._name(folder) for folder in missing],
        }
        if self._file is None:
            self._file = self._start()
        self._append(self._file, content)

    def close(self) -> None:
        """Ends the journal. Where none was begun, what a run left that was killed before its first line goes."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        else:
            remove_empty_folder(self.root)

    def _start(self) -> int:
        for old in journals_of(self.root)[_MOST - 1 :]:
            old.unlink(missing_ok=True)
        file = self._open()
        created = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        self._append(file, {'version': _VERSION, 'tool_version': __version__, 'created': created})
        return file

    def _open(self, tries: int = 3) -> int:
        folder = self.root / _FOLDER
        path = folder / 'undo' / f'{time.time_ns():020d}-{os.getpid()}.jsonl'
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            ignored = folder / '.gitignore'
            if not ignored.exists() or not ignored.stat().st_size:
                ignored.write_bytes(_IGNORED)
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except FileNotFoundError:
            # Another run removed the folder, which was empty until now.
            if tries == 1:
                raise
            return self._open(tries - 1)

    def _append(self, file: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode() + b'\n'
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def root_of(folder: Path, files: Iterable[Path]) -> Path:
    """The folder whose journal can name all `files`: `folder` itself where they are below it."""
    real = os.path.realpath(folder)
    parents = [os.path.dirname(os.path.realpath(file)) for file in files]
    if all(Path(parent).is_relative_to(real) for parent in parents):
        return Path(real)
    return Path(os.path.commonpath(parents))


def journals_of(root: Path) -> list[Path]:
    """The journals that belong to a folder, the newest first."""
    return sorted((root / _FOLDER / 'undo').glob('*.jsonl'), reverse=True)


def read(journal: Path) -> tuple[Entry, ...]:
    """What a journal says. A last line that was not written to its end speaks of a file that was not touched.

    Raises:
        JournalError: it is no journal of ours.
    """
    lines = journal.read_bytes().split(b'\n')[:-1]
    try:
        head, *rest = [json.loads(line) for line in lines] or [{'version': _VERSION}]
        if head['version'] != _VERSION:
            raise JournalError(f'{journal} was written by another version ({head["tool_version"]}): undo with that')
        return tuple(map(_entry, rest))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(f'{journal} is damaged: {error!r}') from None


def forget(journal: Path) -> None:
    """Removes a journal, and what was made for it."""
    journal.unlink(missing_ok=True)
    remove_empty_folder(journal.parents[2])


def remove_empty_folder(root: Path) -> None:
    """Removes the folder of the journals where it holds none, as a run can leave it that was killed just then."""
    folder = root / _FOLDER
    ignored = folder / '.gitignore'
    with contextlib.suppress(OSError):  # there is none, or something else is in it
        if (folder / 'undo').exists():
            (folder / 'undo').rmdir()
        names = [path.name for path in folder.iterdir()]
        if names == [ignored.name] and ignored.read_bytes() in (_IGNORED, b''):
            ignored.unlink()
        folder.rmdir()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entry(content: dict[str, Any]) -> Entry:
    before = content['before']
    decoded = None if before is None else base64.b64decode(before, validate=True)
    names = _inside(content['path']), tuple(map(_inside, content['made']))
    return Entry(names[0], decoded, content['after'], names[1])


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or '..' in path.parts or not path.parts:
        raise ValueError(f'{name!r} is not a path inside the folder')
    return name
