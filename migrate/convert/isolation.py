"""A part of a SavedModel as a model of its own: one meta graph, as TensorFlow 2 knows no model with several."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from migrate.convert.pruning import find_superfluous, take_out
from migrate.convert.refusal import Refusal
from migrate.convert.text_format import text_alone
from migrate.saved_model.contract import SignatureContract
from migrate.saved_model.reading import BINARY, TEXT

_CHECKPOINT = 'variables'


def isolate(
    model: Path,
    message: Any,
    number: int,
    signatures: dict[str, SignatureContract],
    without: frozenset[str],
    directory: Path,
) -> tuple[Path, Any]:
    """A model directory with only the meta graph `number` of `message`, which was read from `model`, and that graph.

    Signatures in `without` are left out, and what TensorFlow 2 can't load and `signatures`, the others, don't need.
    Where there is nothing to leave out, that is `model` itself. Else it is made in `directory`, with a link to the
    values.
    """
    meta_graph = message.meta_graphs[number]
    left_out = without.intersection(meta_graph.signature_def)
    superfluous = find_superfluous(meta_graph, signatures)
    if len(message.meta_graphs) == 1 and not (left_out or superfluous):
        return model, meta_graph
    alone = type(message)()
    alone.CopyFrom(message)
    del alone.meta_graphs[:]
    alone.meta_graphs.add().CopyFrom(meta_graph)
    for key in left_out:
        del alone.meta_graphs[0].signature_def[key]
    copy = directory / f'meta-graph-{number}'
    copy.mkdir()
    if (model / BINARY).exists():
        take_out(alone.meta_graphs[0], superfluous)
        (copy / BINARY).write_bytes(alone.SerializeToString(deterministic=True))
    else:
        text = text_alone((model / TEXT).read_text(encoding='utf-8'), number, left_out, alone)
        if text is None or superfluous:
            reason = f'{model} is written as text, and only a part of it is to be converted'
            raise Refusal(reason, f'Write it as {BINARY} first.')
        (copy / TEXT).write_text(text, encoding='utf-8')
    if (model / _CHECKPOINT).exists():
        (copy / _CHECKPOINT).symlink_to(os.path.realpath(model / _CHECKPOINT), target_is_directory=True)
    copy_files(model / 'assets', copy / 'assets')
    copy_files(model / 'assets.extra', copy / 'assets.extra')
    return copy, alone.meta_graphs[0]


def copy_files(source: Path, target: Path) -> None:
    """Copies a folder, if there is one, without the modes of its files: they may forbid to write or remove them."""
    for file in sorted(source.rglob('*')):
        if file.is_file():
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
