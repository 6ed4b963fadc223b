"""The manifest in a folder of new models: what became of each, by the last run for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.convert.refusal import Refusal
from migrate.convert.results import Conversion
from migrate.files import write_atomically
from migrate.saved_model.reading import BINARY, TEXT, is_model
from migrate.storage import StorageError, dump, load

MANIFEST = 'conversions.json'


@dataclass(frozen=True)
class Entry:
    """What became of one model, by the last run for it."""

    name: str
    """The path below both folders."""
    old_digest: str
    conversion: Conversion


@dataclass(frozen=True)
class Manifest:
    """What became of the models of a tree."""

    models: tuple[Entry, ...] = ()


def read_manifest(file: Path) -> Manifest:
    """Raises StorageError if it is none that `convert` wrote, OSError if it can't be read."""
    try:
        return load(Manifest, file.read_text(encoding='utf-8'))
    except UnicodeDecodeError as error:
        raise StorageError(str(error)) from error


class Record:
    """The manifest of the folder that a run writes to."""

    def __init__(self, old: Path, new: Path) -> None:
        self._old = old
        self._file = new / MANIFEST
        self._entries: dict[str, Entry] = {}
        if self._file.exists():
            try:
                manifest = read_manifest(self._file)
            except StorageError as error:
                raise Refusal(f"{self._file} can't be read: {error}", 'Remove it, or name another folder.') from error
            self._entries = {entry.name: entry for entry in manifest.models}

    def placed(self, old: Path, new: Path) -> Conversion | None:
        """What an earlier run made of this very model, if it is still there."""
        entry = self._entries.get(self._name(old))
        if entry is None or not entry.conversion.placed or out_of_date(entry, old, new):
            return None
        return replace(entry.conversion, old=str(old), new=str(new))

    def add(self, conversion: Conversion) -> None:
        old = Path(conversion.old)
        known = self._entries.get(self._name(old))
        if known and known.conversion.placed and conversion.refusal and is_model(Path(conversion.new)):
            return  # Another model stands in its place, which it could not take.
        self._entries[self._name(old)] = Entry(self._name(old), _digest(old), conversion)
        entries = tuple(self._entries[name] for name in sorted(self._entries))
        write_atomically(self._file, dump(Manifest(entries)).encode())

    def _name(self, old: Path) -> str:
        return old.relative_to(self._old).as_posix()


def out_of_date(entry: Entry, old: Path, new: Path) -> str:
    """Why what an entry says holds no longer of the models that stand there now; empty if it does.

    An old model that is not there, but on another machine perhaps, is taken to be what it was.
    """
    if entry.conversion.placed and not is_model(new):
        return 'the new model is not there any more'
    if is_model(old) and entry.old_digest != _digest(old):
        return 'the old model is another one now'
    return ''


def _digest(model: Path) -> str:
    """Of what tells models apart: the graph, and the index of the values, which has checksums of them."""
    digest = hashlib.sha256()
    for name in (BINARY, TEXT, 'variables/variables.index'):
        if (model / name).is_file():
            digest.update((model / name).read_bytes())
    return digest.hexdigest()
