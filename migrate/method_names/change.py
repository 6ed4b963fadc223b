"""Writes method names into a model: in a copy first, and in its place only what loads back from there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate.convert.process import NO_TENSORFLOW, run_script
from migrate.convert.refusal import Refusal
from migrate.convert.results import FINE
from migrate.files import remove_leftovers, write_atomically
from migrate.method_names import worker
from migrate.method_names.plan import SignatureName
from migrate.saved_model.reading import BINARY, TEXT
from migrate.scratch import scratch_folder
from migrate.verify import verify

_FINGERPRINT = 'fingerprint.pb'


@dataclass(frozen=True)
class Settings:
    """How method names are set."""

    python: str
    timeout: float
    share_examples: bool
    progress: Callable[[str], None]


@dataclass(frozen=True)
class MethodNames:
    """The names in a model, and whether they were written."""

    model: str
    signatures: tuple[SignatureName, ...]
    written: bool
    shared: tuple[tuple[str, ...], ...] = ()
    """The keys of signatures that share their input now, group by group."""
    notes: tuple[str, ...] = ()


def set_method_names(model: Path, signatures: tuple[SignatureName, ...], settings: Settings) -> MethodNames:
    """Writes the names that the signatures are to get. The model is as it was, or has them all.

    Raises Refusal if that can't be done.
    """
    file = model / BINARY if (model / BINARY).exists() else model / TEXT
    if settings.share_examples and file.name == TEXT:
        raise Refusal(f'{file} is text', 'Inputs are shared only in models that are written as saved_model.pb.')
    for each in (file, model / _FINGERPRINT):
        remove_leftovers(each.resolve().parent)
    with scratch_folder() as directory:
        copy, before = (_copy(model, file, directory / name) for name in ('model', 'before'))
        settings.progress(f'setting method names in a copy of {model}, and loading it')
        request = _request(copy, signatures) | {'share_examples': str(before) if settings.share_examples else ''}
        ending = run_script(worker.__file__, request, settings.python, settings.timeout)
        if not ending.replies:
            raise Refusal(ending.error, ending.advice)
        answer = ending.replies[0]
        if answer['error']:
            advice = NO_TENSORFLOW if answer['kind'] == 'tensorflow' else 'Nothing was written.'
            raise Refusal(answer['error'], advice)
        if answer['shared']:
            _require_same(before, copy, settings)
        elif not any(each.changes for each in signatures):
            return MethodNames(str(model), signatures, False)
        notes = _put_in_place(model, file, copy, answer)
    return MethodNames(str(model), signatures, True, tuple(map(tuple, answer['shared'])), notes)


def _copy(model: Path, file: Path, copy: Path) -> Path:
    """A folder with a copy of the model's file, as the only one, and links to the rest."""
    copy.mkdir()
    shutil.copyfile(file, copy / file.name)
    for name in ('variables', 'assets'):
        if (model / name).is_dir():
            (copy / name).symlink_to((model / name).resolve(), target_is_directory=True)
    return copy


def _request(copy: Path, signatures: tuple[SignatureName, ...]) -> dict[str, Any]:
    changes = [
        {'tags': list(each.tags), 'key': each.key, 'method_name': each.wanted} for each in signatures if each.changes
    ]
    tag_sets = [list(tags) for tags in dict.fromkeys(each.tags for each in signatures)]
    return {'model': str(copy), 'changes': changes, 'tag_sets': tag_sets}


def _require_same(before: Path, copy: Path, settings: Settings) -> None:
    """The graph was changed: that it serves the same is to be proven."""
    verification = verify(
        before,
        copy,
        old_python=settings.python,
        new_python=settings.python,
        timeout=settings.timeout,
        progress=settings.progress,
    )
    if verification.verdict not in FINE:
        reasons = [f'{each.key} {each.message}' for each in verification.signatures if each.verdict not in FINE]
        message = f'that it serves the same with shared inputs is not proven: {"; ".join(reasons)}'
        raise Refusal(message, 'Nothing was written. Leave out --share-examples, or give it more time with --timeout.')


def _put_in_place(model: Path, file: Path, copy: Path, answer: Any) -> tuple[str, ...]:
    write_atomically(file, (copy / file.name).read_bytes())
    notes = []
    fingerprint = model / _FINGERPRINT
    if fingerprint.exists():
        # It tells of the file before. No loader asks for it, so that the moment in between harms nobody.
        if answer['fingerprint']:
            write_atomically(fingerprint, (copy / _FINGERPRINT).read_bytes())
        else:
            fingerprint.unlink()
            notes.append(f'{fingerprint} is removed: it told of the file before, and this TensorFlow writes none')
    if file.name == BINARY and (model / TEXT).exists():
        notes.append(f'{model / TEXT} is as it was: loaders read {BINARY} only')
    return tuple(notes)
