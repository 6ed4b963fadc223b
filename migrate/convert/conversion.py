"""Converts one model: worker, verification, and then its place, each step only after the one before went well."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import util
from pathlib import Path
from typing import Any

from migrate.convert import worker
from migrate.convert.isolation import copy_files, isolate
from migrate.convert.needs import op_types
from migrate.convert.obstacles import refuse_what_cannot_run
from migrate.convert.placing import put_in_place, refuse_existing, scratch_beside
from migrate.convert.process import NO_TENSORFLOW, run_script
from migrate.convert.refusal import Refusal
from migrate.convert.results import Conversion, TagSet
from migrate.saved_model.compatibility import show_tags
from migrate.saved_model.contract import GraphContract, asset_names, read_contract
from migrate.saved_model.reading import ModelError, read_saved_model
from migrate.verify import Verdict, verify

_FINE = (Verdict.IDENTICAL, Verdict.EQUAL)
_ADVICE = {
    'tensorflow': NO_TENSORFLOW,
    'ops': 'Ops of tf.contrib and of libraries of your own are not part of TensorFlow 2: export the model without '
    'them, or keep serving it with the TensorFlow and the libraries that it was made with.',
    'model': 'If TensorFlow 1 runs the model, export it anew without what is named here.',
}


@dataclass(frozen=True)
class Settings:
    """How models are converted."""

    python: str
    timeout: float
    seed: int
    force: bool
    progress: Callable[[str], None]


@dataclass(frozen=True)
class _Part:
    """One meta graph of the old model, as a model of its own, and where it goes in the new one."""

    model: Path
    meta_graph: Any
    contract: GraphContract
    folder: str


def convert(
    old: Path, new: Path, settings: Settings, before_placing: Callable[[Conversion], None] = lambda conversion: None
) -> Conversion:
    """Converts the model `old` to `new`, which must not exist. Whatever goes wrong is in the result."""
    try:
        refuse_existing(new)
        with tempfile.TemporaryDirectory(prefix='savedmodel-migrate-') as directory:
            parts, notes = _parts(old, Path(directory))
            with scratch_beside(new) as scratch:
                tag_sets = _make(parts, scratch / 'model', old, new, settings)
                conversion = Conversion(str(old), str(new), False, tag_sets, notes=notes)
                if conversion.verdict in _FINE or settings.force:
                    conversion = replace(conversion, placed=True)
                    before_placing(conversion)
                    put_in_place(scratch / 'model', new)
                return conversion
    except (Refusal, ModelError) as refusal:
        return Conversion(str(old), str(new), False, refusal=refusal.message, advice=refusal.advice)
    except OSError as error:
        return Conversion(str(old), str(new), False, refusal=str(error), advice=f'{old} is as it was.')


def _parts(old: Path, directory: Path) -> tuple[list[_Part], tuple[str, ...]]:
    """What is to be converted, and what is to be said of the rest."""
    message = read_saved_model(old)
    contract = read_contract(old, message)
    numbers = [number for number, graph in enumerate(contract.graphs) if graph.signatures] or [0]
    # The one that servers load comes first: it is the new model, and the others are folders in it.
    numbers.sort(key=lambda number: (contract.graphs[number].tags != {'serve'}, number))
    parts: list[_Part] = []
    for number in numbers:
        meta_graph, graph = message.meta_graphs[number], contract.graphs[number]
        refuse_what_cannot_run(old, meta_graph, graph)
        folder = _folder(meta_graph.meta_info_def.tags, {part.folder for part in parts}) if parts else ''
        parts.append(_Part(isolate(old, message, number, directory), meta_graph, graph, folder))
    left_out = [show_tags(graph.tags) for number, graph in enumerate(contract.graphs) if number not in numbers]
    notes = [f'tag set {tags} has no signature, and is not in the new model' for tags in left_out]
    notes += [f'tag set {show_tags(each.contract.tags)} is in the folder {each.folder} now' for each in parts[1:]]
    return parts, tuple(notes)


def _folder(tags: Iterable[str], taken: set[str]) -> str:
    name = re.sub(r'[^A-Za-z0-9_-]+', '_', '-'.join(tags)) or 'no-tags'
    return name if name not in taken else f'{name}-{len(taken)}'


def _make(parts: list[_Part], made: Path, old: Path, new: Path, settings: Settings) -> tuple[TagSet, ...]:
    """Writes the new model to `made`, and verifies it there."""
    settings.progress(f'converting {old}')
    notes = [_write(part, made / part.folder, settings) for part in parts]
    copy_files(old / 'assets.extra', made / 'assets.extra')
    return tuple(
        _verified(part, made / part.folder, old, new / part.folder, said, settings)
        for part, said in zip(parts, notes, strict=True)
    )


def _write(part: _Part, target: Path, settings: Settings) -> tuple[str, ...]:
    """Has a process with TensorFlow write the new model; returns what it has to say of it."""
    assets = part.model.resolve() / 'assets'
    request = {
        'model': str(part.model.resolve()),
        'tags': list(part.meta_graph.meta_info_def.tags),
        'directory': str(target.resolve()),
        'assets': {name: str(assets / file) for name, file in asset_names(part.meta_graph).items()},
        'ops': op_types(part.meta_graph),
    }
    answer = run_script(worker.__file__, request, settings.python, settings.timeout, _session_module())
    if answer['error']:
        where = (
            f'{settings.python} has no TensorFlow 2 that can be imported: ' if answer['kind'] == 'tensorflow' else ''
        )
        raise Refusal(where + answer['error'], _ADVICE[answer['kind']])
    return tuple(answer['notes'])


def _session_module() -> str:
    """The file: it imports TensorFlow, which only the worker does."""
    spec = util.find_spec('rewriters.support.session_module')
    assert spec is not None
    assert spec.origin is not None
    return spec.origin


def _verified(part: _Part, made: Path, old: Path, new: Path, notes: tuple[str, ...], settings: Settings) -> TagSet:
    verification = verify(
        part.model,
        made,
        old_python=settings.python,
        new_python=settings.python,
        timeout=settings.timeout,
        seed=settings.seed,
        progress=settings.progress,
    )
    verification = replace(
        verification,
        old=replace(verification.old, path=str(old)),
        new=replace(verification.new, path=str(new)),
    )
    return TagSet(tuple(sorted(part.contract.tags)), part.folder, verification, notes)
