"""Converts all models below a folder, as models/NAME/VERSION; what an earlier run did is not done again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from migrate.convert.conversion import Settings, convert
from migrate.convert.placing import remove_what_dead_runs_left
from migrate.convert.record import Record
from migrate.convert.results import Conversion
from migrate.saved_model.reading import is_model

# So much is converted and verified together: a process with TensorFlow for each takes longer than small models do, and
# many large ones would need their room on the disk twice.
_MODELS_AT_ONCE = 16
_BYTES_AT_ONCE = 1 << 30


def convert_tree(old: Path, new: Path, models: Sequence[Path], settings: Settings) -> Iterator[Conversion]:
    """Converts models below `old`, each to the same place below `new`; yields what becomes of each.

    A file in `new` records it. Raises Refusal if it is there and can't be read.
    """
    new.mkdir(parents=True, exist_ok=True)
    record = Record(old, new)
    pairs = [(model, new / model.relative_to(old)) for model in models]
    # Also where a run was killed right after it put a model in its place: nothing is left to do there.
    for folder in {new, *(target.parent for _, target in pairs)}:
        remove_what_dead_runs_left(folder)
    known = [record.placed(*pair) for pair in pairs]
    yield from filter(None, known)
    left = [pair for pair, conversion in zip(pairs, known, strict=True) if conversion is None]
    for some in _portions(left):
        # Recorded before it is there: who is killed in between finds no model that nobody knows of.
        for conversion in convert(some, settings, before_placing=record.add):
            record.add(conversion)
            yield conversion


def find_models(folder: Path) -> list[Path]:
    """The models below a folder, version 2 before version 10. What is below a model belongs to it.

    A symbolic link to a model counts, others are not followed: they may lead in circles. So does what was a model
    until it lost its saved_model.pb: that it can't be converted must be said.
    """
    found: list[Path] = []
    for parent, folders, _ in os.walk(folder, onerror=_raise):
        if is_model(Path(parent)) or (Path(parent) != folder and _has_values_only(Path(parent))):
            found.append(Path(parent))
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith('.')]
        found += [link for name in folders if (link := Path(parent, name)).is_symlink() and is_model(link)]
    return sorted(found, key=_order)


def _has_values_only(folder: Path) -> bool:
    return (folder / 'variables' / 'variables.index').is_file()


def _raise(error: OSError) -> None:
    raise error


def _order(path: Path) -> list[tuple[int, str]]:
    return [(int(part) if part.isascii() and part.isdigit() else -1, part) for part in path.parts]


def _portions(pairs: Iterable[tuple[Path, Path]]) -> Iterator[list[tuple[Path, Path]]]:
    portion: list[tuple[Path, Path]] = []
    size = 0
    for old, new in pairs:
        bytes_of_model = sum(file.stat().st_size for file in old.rglob('*') if file.is_file())
        if portion and (len(portion) == _MODELS_AT_ONCE or size + bytes_of_model > _BYTES_AT_ONCE):
            yield portion
            portion, size = [], 0
        portion.append((old, new))
        size += bytes_of_model
    if portion:
        yield portion
