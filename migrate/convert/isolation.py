"""One meta graph of a SavedModel as a model of its own: TensorFlow 2 knows no model with several."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from migrate.convert.refusal import Refusal
from migrate.saved_model.reading import BINARY

_CHECKPOINT = 'variables'


def isolate(model: Path, message: Any, number: int, directory: Path) -> Path:
    """A model directory with only the meta graph `number` of `message`, which was read from `model`.

    That is `model` itself where it has no other. Else it is made in `directory`, with a link to the values.
    """
    if len(message.meta_graphs) == 1:
        return model
    if not (model / BINARY).exists():
        raise Refusal(f'{model} is written as text and has several tag sets', f'Write it as {BINARY} first.')
    copy = directory / f'meta-graph-{number}'
    copy.mkdir()
    alone = type(message)()
    alone.CopyFrom(message)
    del alone.meta_graphs[:]
    alone.meta_graphs.add().CopyFrom(message.meta_graphs[number])
    if (model / _CHECKPOINT).exists():
        (copy / _CHECKPOINT).symlink_to(os.path.realpath(model / _CHECKPOINT), target_is_directory=True)
    copy_files(model / 'assets', copy / 'assets')
    copy_files(model / 'assets.extra', copy / 'assets.extra')
    (copy / BINARY).write_bytes(alone.SerializeToString(deterministic=True))
    return copy


def copy_files(source: Path, target: Path) -> None:
    """Copies a folder, if there is one, without the modes of its files: they may forbid to write or remove them."""
    for file in sorted(source.rglob('*')):
        if file.is_file():
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
