"""A part of a SavedModel as a model of its own: one meta graph, as TensorFlow 2 knows no model with several."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from migrate.convert.refusal import Refusal
from migrate.saved_model.reading import BINARY

_CHECKPOINT = 'variables'


def isolate(model: Path, message: Any, number: int, without: frozenset[str], directory: Path) -> tuple[Path, Any]:
    """A model directory with only the meta graph `number` of `message`, which was read from `model`, and that graph.

    Signatures in `without` are left out. Where there is nothing to leave out, that is `model` itself. Else it is made
    in `directory`, with a link to the values.
    """
    meta_graph = message.meta_graphs[number]
    left_out = without.intersection(meta_graph.signature_def)
    if len(message.meta_graphs) == 1 and not left_out:
        return model, meta_graph
    if not (model / BINARY).exists():
        reason = f'{model} is written as text, and only a part of it is to be converted'
        raise Refusal(reason, f'Write it as {BINARY} first.')
    copy = directory / f'meta-graph-{number}'
    copy.mkdir()
    alone = type(message)()
    alone.CopyFrom(message)
    del alone.meta_graphs[:]
    alone.meta_graphs.add().CopyFrom(meta_graph)
    for key in left_out:
        del alone.meta_graphs[0].signature_def[key]
    if (model / _CHECKPOINT).exists():
        (copy / _CHECKPOINT).symlink_to(os.path.realpath(model / _CHECKPOINT), target_is_directory=True)
    copy_files(model / 'assets', copy / 'assets')
    copy_files(model / 'assets.extra', copy / 'assets.extra')
    (copy / BINARY).write_bytes(alone.SerializeToString(deterministic=True))
    return copy, alone.meta_graphs[0]


def copy_files(source: Path, target: Path) -> None:
    """Copies a folder, if there is one, without the modes of its files: they may forbid to write or remove them."""
    for file in sorted(source.rglob('*')):
        if file.is_file():
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
