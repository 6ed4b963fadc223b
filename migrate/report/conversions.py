"""Finds what `convert` left: the folders with new models, and whether what is said of these still holds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from migrate.convert.record import MANIFEST, Entry, out_of_date, read_manifest
from migrate.files import is_skipped_folder
from migrate.report.model import ConvertedFolder, ConvertedModel
from migrate.storage import StorageError


def find_conversions(paths: Iterable[Path]) -> tuple[ConvertedFolder, ...]:
    """The folders at or below `paths` that `convert` filled, in a stable order, each once."""
    found: dict[str, ConvertedFolder] = {}
    for path in paths:
        for parent, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not is_skipped_folder(Path(parent, name)))
            real = os.path.realpath(parent)
            if MANIFEST in files and real not in found and (folder := _read(Path(parent))):
                found[real] = folder
    return tuple(found.values())


def _read(folder: Path) -> ConvertedFolder | None:
    """None if the file is somebody else's, which may be called so, too."""
    file = folder / MANIFEST
    try:
        models = tuple(_model(entry, folder) for entry in read_manifest(file).models)
    except (OSError, StorageError) as error:
        return ConvertedFolder(folder.as_posix(), (), str(error)) if _is_ours(file) else None
    return ConvertedFolder(folder.as_posix(), models) if models else None


def _is_ours(file: Path) -> bool:
    try:
        return '"old_digest"' in file.read_text(encoding='utf-8', errors='replace')
    except OSError:
        return True


def _model(entry: Entry, folder: Path) -> ConvertedModel:
    why = out_of_date(entry, Path(entry.conversion.old), folder / entry.name)
    return ConvertedModel(entry.name, entry.conversion, why)
