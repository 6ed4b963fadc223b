"""Remembers what became of files: one that did not change since, under the same settings, is not looked into again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from migrate.cache import Cache, digest, tool
from migrate.codemod import Job, Outcome
from migrate.files import NOTEBOOK, read_file
from migrate.report.sources import FileReport
from rewriters import Confidence, ExportSummary, Finding, PassedOver, Place
from rewriters.options import EstimatorUse
from rewriters.source import decode

Process = Callable[[Sequence[Job]], Iterator[Outcome]]
"""Makes the outcomes of jobs, in their order."""

FindEstimators = Callable[[Sequence[Path], Sequence[Path], Callable[[Path], bytes]], dict[Path, EstimatorUse]]
"""Finds what files have to do with Estimators: of all, those that take part, and by what they are read."""

_NOTHING = b''
"""What is kept of a file of which there is nothing to say."""


def remembered(process: Process, cache: Cache, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """The outcomes of the jobs, in their order: those that are known, and what `process` makes of the others.

    `process` is asked at once.
    """
    keys = [_key(job) for job in jobs]
    known = cache.find([key for key in keys if key is not None])
    outcomes = process([job for job, key in zip(jobs, keys, strict=True) if key not in known])
    return _remembered(process, cache, list(zip(jobs, keys, strict=True)), known, outcomes)


def _remembered(
    process: Process,
    cache: Cache,
    jobs: Sequence[tuple[Job, bytes | None]],
    known: Mapping[bytes, bytes],
    outcomes: Iterator[Outcome],
) -> Iterator[Outcome]:
    new: dict[bytes, bytes] = {}
    try:
        for job, key in jobs:
            if key is not None and key in known:
                yield _restored(known[key], job, key) or next(process([job]))
                continue
            outcome = next(outcomes)
            # A failure may go away by itself; and a file may have changed since its key was made.
            if key is not None and not outcome.report.error and _key(job) == key:
                new[key] = _stored(outcome)
            yield outcome
    finally:
        cache.add(new)


def remembered_estimators(
    find: FindEstimators, cache: Cache, files: Sequence[Path], some: Sequence[Path]
) -> dict[Path, EstimatorUse]:
    """What `find` finds in the files of a project: known if no file came or went, and none that it read changed."""
    key = _key_of_project(files, some)
    stored = cache.find([key]).get(key)
    if stored is not None:
        seen, uses = json.loads(stored)
        if all(_digest_of(_read(files[number])) == known for number, known in seen):
            return {files[number]: EstimatorUse(*use) for number, use in uses}
    read: dict[Path, str] = {}

    def read_and_note(file: Path) -> bytes:
        source = _read(file)
        read[file] = _digest_of(source)
        return source or b''

    found = find(files, some, read_and_note)
    numbers = {file: number for number, file in enumerate(files)}
    numbered = [(numbers[file], known) for file, known in read.items()]
    uses = [(numbers[file], astuple(use)) for file, use in found.items()]
    cache.add({key: json.dumps([numbered, uses]).encode()})
    return found


def _key(job: Job) -> bytes | None:
    """Holds all that an outcome depends on; None for what is not remembered."""
    file, settings = job
    source = _read(file)
    if source is None or file.suffix == NOTEBOOK:
        return None
    return digest(tool(), repr(settings).encode(), source)


def _key_of_project(files: Sequence[Path], some: Sequence[Path]) -> bytes:
    """Holds which files there are, and which of them take part; what is in them is compared where they were read."""
    return digest(tool(), *(bytes(file.absolute()) for file in files), b'', *(bytes(file.absolute()) for file in some))


def _digest_of(source: bytes | None) -> str:
    return digest(source or b'').hex()


def _read(file: Path) -> bytes | None:
    try:
        return read_file(file)
    except OSError:
        return None


def _stored(outcome: Outcome) -> bytes:
    """A line of JSON, and behind it the new source where there is one."""
    report = outcome.report
    if outcome == Outcome(FileReport(report.path, '', '')):
        return _NOTHING
    findings = [(f.code, f.confidence.value, astuple(f.place), f.message, f.advice) for f in report.findings]
    exports = [astuple(export) for export in report.exports]
    said = json.dumps([findings, exports, outcome.support_modules, outcome.changed]).encode()
    return b'\n'.join([said, outcome.after if outcome.changed else b''])


def _restored(stored: bytes, job: Job, key: bytes) -> Outcome | None:
    """The outcome; None where the file changed in the meantime."""
    file = job[0]
    if stored == _NOTHING:
        return Outcome(FileReport(file.as_posix(), '', ''))
    before = _read(file)
    if before is None or _key(job) != key:
        return None
    said, _, new = stored.partition(b'\n')
    findings, exports, support_modules, is_changed = json.loads(said)
    after = new if is_changed else before
    text = decode(before).text
    report = FileReport(
        file.as_posix(),
        text,
        decode(after).text if is_changed else text,
        tuple(map(_finding, findings)),
        tuple(map(_export, exports)),
    )
    return Outcome(report, before, after, tuple(support_modules))


def _finding(stored: Any) -> Finding:
    code, confidence, place, message, advice = stored
    return Finding(code, Confidence(confidence), Place(*place), message, advice)


def _export(stored: Any) -> ExportSummary:
    reader, place, directory, signatures, writer, passed_over = stored
    forms = (PassedOver(form, reason, at and Place(*at)) for form, reason, at in passed_over)
    pairs = tuple((key, kind) for key, kind in signatures)
    return ExportSummary(reader, Place(*place), directory, pairs, writer, tuple(forms))
