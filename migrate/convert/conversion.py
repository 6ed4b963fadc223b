"""Converts models: worker, verification, and then their places, each step only after the one before went well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import util
from pathlib import Path
from typing import Any

from migrate.convert import worker
from migrate.convert.isolation import copy_files
from migrate.convert.parts import Part, parts_of
from migrate.convert.placing import (
    put_in_place,
    refuse_existing,
    refuse_odd_path,
    remove_what_dead_runs_left,
    scratch_beside,
)
from migrate.convert.process import NO_TENSORFLOW, run_script
from migrate.convert.refusal import Refusal
from migrate.convert.results import FINE, Conversion, TagSet, converted, refused
from migrate.saved_model.reading import ModelError
from migrate.scratch import scratch_folder
from migrate.verify import Pair, Verification, verify_pairs

_ADVICE = {
    'tensorflow': NO_TENSORFLOW,
    'ops': 'Ops of tf.contrib are gone from TensorFlow 2; those of a library of your own come with --op-library, if it '
    'was built for this TensorFlow. Else export the model without them, or keep serving it with the TensorFlow and the '
    'libraries that it was made with. A signature that nobody calls is left out by --without KEY, with the ops that '
    'only it needs.',
    'library': 'Name a library with --op-library that was built for this TensorFlow.',
    'values': 'What is in its folder variables is damaged or of another model: copy the whole directory again.',
    'disk': 'Make room on the disk of the new model: it takes about as much as the old one.',
    'model': 'If TensorFlow 1 runs the model, export it anew without what is named here. A signature that nobody calls '
    'is left out by --without KEY.',
}


@dataclass(frozen=True)
class Settings:
    """How models are converted."""

    python: str
    timeout: float
    seed: int
    force: bool
    without: frozenset[str]
    """The keys of signatures that are left out."""
    jobs: int
    """How many processes verify many models, for each side."""
    progress: Callable[[str], None]


@dataclass
class _Job:
    """One model on its way."""

    old: Path
    new: Path
    made: Path
    """Where the new model is written, beside its place."""
    parts: list[Part]
    notes: tuple[str, ...]
    scratch: ExitStack
    """Closed, it removes what is beside the place."""
    said: list[tuple[str, ...]] = field(default_factory=list)
    """The notes of the worker on each part."""
    verifications: list[Verification] = field(default_factory=list)


def convert(
    pairs: Sequence[tuple[Path, Path]],
    settings: Settings,
    before_placing: Callable[[Conversion], None] = lambda conversion: None,
) -> Iterator[Conversion]:
    """Converts the first model of each pair to the second, which must not exist; yields each when it is done.

    All of them are written by one process with TensorFlow, and verified together. Whatever goes wrong is in the result.
    """
    with ExitStack() as stack:
        directory = stack.enter_context(scratch_folder())
        jobs = []
        for number, (old, new) in enumerate(pairs):
            try:
                remove_what_dead_runs_left(new.parent)
                refuse_existing(new)
                refuse_odd_path(old)
                refuse_odd_path(new)
                parts, notes = parts_of(old, settings.without, _made(directory / str(number)))
                scratch = stack.enter_context(ExitStack())
                made = scratch.enter_context(scratch_beside(new)) / 'model'
                jobs.append(_Job(old, new, made, parts, notes, scratch))
            except (Refusal, ModelError, OSError) as error:
                yield _refused(old, new, error)
        written = []
        for job, obstacle in _write(jobs, settings):
            if obstacle is None:
                written.append(job)
            else:
                yield _refused(job.old, job.new, obstacle)
        for job in _verify(written, settings):
            conversion = _place(job, settings, before_placing)
            job.scratch.close()
            yield conversion


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _refused(old: Path, new: Path, error: Refusal | ModelError | OSError) -> Conversion:
    if isinstance(error, OSError):
        return refused(str(old), str(new), str(error), f'{old} is as it was.')
    return refused(str(old), str(new), error.message, error.advice)


def _write(jobs: list[_Job], settings: Settings) -> Iterator[tuple[_Job, Refusal | OSError | None]]:
    """Has a process with TensorFlow write the new models; yields each with what kept it from that."""
    for job in jobs:
        settings.progress(f'converting {job.old}')
    requests = [part.request(job.made / part.folder) for job in jobs for part in job.parts]
    answers = _answers(requests, settings)
    for job in jobs:
        replies = [next(answers) for _ in job.parts]
        refusals = [each for each in replies if isinstance(each, Refusal)]
        if refusals:
            yield job, refusals[0]
            continue
        job.said = [tuple(reply['notes']) for reply in replies]
        try:
            copy_files(job.old / 'assets.extra', job.made / 'assets.extra')
        except OSError as failed:
            yield job, failed
        else:
            yield job, None


def _answers(requests: list[dict[str, Any]], settings: Settings) -> Iterator[Any]:
    """What comes of each request: a reply or a Refusal. A process that dies of one is followed by another."""
    left = requests
    while left:
        ending = run_script(worker.__file__, {'models': left}, settings.python, settings.timeout, [_session_module()])
        yield from (_answer(reply, settings) for reply in ending.replies)
        left = left[len(ending.replies) :]
        if left:
            yield Refusal(ending.error or 'the process with TensorFlow ended too early', ending.advice)
            left = left[1:]


def _answer(reply: Any, settings: Settings) -> Any:
    if not reply['error']:
        return reply
    where = f'{settings.python} has no TensorFlow 2 that can be imported: ' if reply['kind'] == 'tensorflow' else ''
    return Refusal(where + reply['error'], _ADVICE[reply['kind']])


def _session_module() -> str:
    """The file: it imports TensorFlow, which only the worker does."""
    spec = util.find_spec('rewriters.support.session_module')
    assert spec is not None
    assert spec.origin is not None
    return spec.origin


def _verify(jobs: list[_Job], settings: Settings) -> Iterator[_Job]:
    """Compares the models that were written with the old ones; yields each job when that is done for all its parts."""
    owners = [(job, number) for job in jobs for number in range(len(job.parts))]
    pairs = [Pair(job.parts[number].model, _written(job, number), settings.seed) for job, number in owners]
    found: dict[int, Verification] = {}
    for place, verification in verify_pairs(
        pairs,
        old_python=settings.python,
        new_python=settings.python,
        timeout=settings.timeout,
        jobs=settings.jobs,
        progress=settings.progress,
    ):
        found[place] = verification
        job = owners[place][0]
        places = [other for other, (owner, _) in enumerate(owners) if owner is job]
        if all(other in found for other in places):
            job.verifications = [found[other] for other in places]
            yield job


def _written(job: _Job, number: int) -> Path:
    return job.made / job.parts[number].folder


def _place(job: _Job, settings: Settings, before_placing: Callable[[Conversion], None]) -> Conversion:
    tag_sets = tuple(map(_tag_set, [job] * len(job.parts), job.parts, job.said, job.verifications))
    conversion = converted(str(job.old), str(job.new), tag_sets, job.notes)
    if conversion.verdict not in FINE and not settings.force:
        return conversion
    conversion = replace(conversion, placed=True)
    try:
        before_placing(conversion)
        put_in_place(job.made, job.new)
    except (Refusal, OSError) as error:
        return _refused(job.old, job.new, error)
    return conversion


def _tag_set(job: _Job, part: Part, said: tuple[str, ...], verification: Verification) -> TagSet:
    """With the paths that the user knows: the new model was compared before it was in its place."""
    old = replace(verification.old, path=str(job.old))
    new = replace(verification.new, path=str(job.new / part.folder))
    return TagSet(tuple(sorted(part.tags)), part.folder, replace(verification, old=old, new=new), said)
