"""The two exports: TensorFlow 1 code as it stands, and rewritten, each in a copy of the project."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.config import ProveSettings
from migrate.estimators import find_estimators
from migrate.files import is_excluded, walk_python_files, write_atomically
from migrate.prove.commands import CommandFailed, last_words, run_command
from migrate.prove.copies import copy_project
from migrate.prove.digest import sources_digest
from migrate.prove.interpreters import Interpreter, InterpreterError, environment, find_interpreter
from migrate.prove.revisions import lay_over
from migrate.support_files import place_support_files, session_module_name
from migrate.target_version import Targets
from rewriters import Options, SourceError, rewrite

_NEW_WORDS = (
    b'saved_model.save(',
    b'saved_model.load(',
    b'session_module.save(',
    b'session_module.simple_save(',
    b'estimator_module.Estimator(',
    b'estimator_tpu_module.TPUEstimator(',
    b'estimator_keras_module.model_to_estimator(',
)


_REWRITTEN = (
    'Code in it is rewritten already: --old-revision names a commit in which it is not (HEAD, until the rewrite is '
    'committed)'
)


@dataclass(frozen=True)
class Job:
    """One project to prove, and where that happens."""

    project: Path
    settings: ProveSettings
    exclude: tuple[str, ...]
    folder: Path
    """Gets the copies and the logs; nothing else is ever written to."""
    leave_out: tuple[Path, ...]
    """Folders of the project that do not belong into its copies."""
    timeout: float
    say: Callable[[str], None]
    old_commit: str = ''
    """The commit whose code is the old side; empty for the code as it stands."""


@dataclass(frozen=True)
class Exported:
    """The models and arrays of one side, in the order of the settings; or the reason why they are not there."""

    side: str
    """Who exported, for a person."""
    models: tuple[Path, ...] = ()
    arrays: tuple[Path, ...] = ()
    failure: str = ''
    log: str = ''
    notes: tuple[str, ...] = ()
    sources_digest: str = ''
    """Of the sources that were run."""


def export_old(job: Job, python: str | None) -> Exported:
    """Exports with the interpreter `python`, and takes the committed models where there is none that could."""
    if python is None:
        return _committed(job)
    try:
        interpreter = find_interpreter(python)
    except InterpreterError as error:
        return Exported('none', failure=str(error))
    if job.settings.old_exports is not None and not job.old_commit and _is_rewritten(job):
        return _committed(job, ' (the sources are rewritten already)')
    mode = '' if interpreter.is_tensorflow_1 else ' in TensorFlow 1 mode'
    origin = f' from {job.old_commit[:10]}' if job.old_commit else ''
    exported = _export(job, 'old', interpreter, f'TensorFlow {interpreter.tensorflow}{mode}, exported afresh{origin}')
    if exported.failure and not job.old_commit and _uses_new(job):
        exported = replace(exported, failure=f'{exported.failure}. {_REWRITTEN}')
    # A TensorFlow 2 can't run everything that was written for 1. If a TensorFlow 1 fails, something is really wrong.
    if not exported.failure or interpreter.is_tensorflow_1 or job.settings.old_exports is None:
        return exported
    return _committed(job, f' (TensorFlow {interpreter.tensorflow} failed: {_last_line(exported)})')


def export_new(job: Job, python: str) -> Exported:
    """Exports with the interpreter `python` from rewritten sources."""
    try:
        interpreter = find_interpreter(python)
    except InterpreterError as error:
        return Exported('none', failure=str(error))
    return _export(job, 'new', interpreter, f'TensorFlow {interpreter.tensorflow}')


def _committed(job: Job, why: str = '') -> Exported:
    side = f'the committed TF1 export{why}'
    if job.settings.old_exports is None:
        return Exported('none', failure='there is no old side: give --old-python, or set old-exports')
    return _collect(job, job.project / job.settings.old_exports, side, f'{job.settings.old_exports}/')


def _export(job: Job, side: str, interpreter: Interpreter, description: str) -> Exported:
    copy, log = job.folder / side, job.folder / f'{side}.log'
    job.say(f'exporting with TensorFlow {interpreter.tensorflow}')
    notes = [f'not copied: {skipped}' for skipped in copy_project(job.project, copy, job.leave_out)]
    if side == 'old' and job.old_commit:
        lay_over(copy, job.project, job.old_commit)
    _remove_results(job, copy)
    if side == 'new':
        notes += _rewrite(job, copy)
    sources = sources_digest(copy)
    old_script_on_new = side == 'old' and not interpreter.is_tensorflow_1
    variables = environment(interpreter.path, tensorflow_1_mode=old_script_on_new)
    for command in job.settings.run:
        try:
            run_command(
                command, folder=copy, python=interpreter.path, environment=variables, timeout=job.timeout, log=log
            )
        except CommandFailed as error:
            failure = f'the {side} export failed: {error}'
            return Exported(description, failure=failure, log=last_words(log), notes=tuple(notes))
    return replace(_collect(job, copy, description, '', log, tuple(notes)), sources_digest=sources)


def _collect(
    job: Job, folder: Path, side: str, shown: str, log: Path | None = None, notes: tuple[str, ...] = ()
) -> Exported:
    """Finds what came out; `shown` is what stands before the names in a message."""
    results = []
    for name in job.settings.results:
        matches = _matches(job, folder, name)
        if not matches:
            what = 'array' if name in job.settings.arrays else 'SavedModel'
            failure = f'{side}: there is no {what} at {shown}{name}{_further_down(job, folder, name)}'
            return Exported(side, failure=failure, log=last_words(log) if log else '', notes=notes)
        results.append(max(matches, key=_age))
    count = len(job.settings.models)
    return Exported(side, tuple(results[:count]), tuple(results[count:]), notes=notes)


def _further_down(job: Job, folder: Path, name: str) -> str:
    """Says that what is looked for is one folder further down, as Estimators export."""
    is_there = name in job.settings.models and any(_matches(job, folder, f'{name}/*'))
    return f', but below it: "{name}/*" in the settings means the newest of these' if is_there else ''


def _remove_results(job: Job, copy: Path) -> None:
    """Removes models and arrays of an earlier run, which must not be taken for those of this one."""
    for name in job.settings.results:
        for match in _matches(job, copy, name):
            if match.is_dir():
                shutil.rmtree(match)
            else:
                match.unlink()


def _matches(job: Job, folder: Path, name: str) -> list[Path]:
    found = folder.glob(name)
    if name in job.settings.arrays:
        return [path for path in found if path.is_file()]
    return [path for path in found if (path / 'saved_model.pb').is_file() or (path / 'saved_model.pbtxt').is_file()]


def _age(model: Path) -> tuple[int, str]:
    """Orders models by name: versions and timestamps as numbers, which come after all other names."""
    return int(model.name) if model.name.isdecimal() else -1, model.name


def _rewrite(job: Job, copy: Path) -> list[str]:
    """Rewrites the sources in the copy; returns which of them could not be read."""
    notes = []
    targets = Targets()
    target, forms = targets.of_folder(job.project), targets.forms_of(job.project)
    session_module = session_module_name(copy)
    sources = list(_sources(job, copy))
    estimators = find_estimators([file for file, _ in sources])
    for file, source in sources:
        name = file.relative_to(copy).as_posix()
        options = Options(name, target, session_module, estimators.get(file), forms)
        try:
            result = rewrite(source, options)
        except SourceError as error:
            notes.append(f'not rewritten: {name}: {error.message}')
            continue
        if result.source != source:
            place_support_files(file, result.support_modules)
            write_atomically(file, result.source)
    return notes


def _uses_new(job: Job) -> bool:
    """Whether a source holds what rewriting makes of exports and loads."""
    return any(word in source for _, source in _sources(job, job.project) for word in _NEW_WORDS)


def _is_rewritten(job: Job) -> bool:
    """Whether the project is past its migration: it uses TensorFlow 2's SavedModels, and nothing is left to rewrite."""
    sources = list(_sources(job, job.project))
    estimators = find_estimators([file for file, _ in sources])
    for file, source in sources:
        try:
            result = rewrite(source, Options(estimators=estimators.get(file)))
        except SourceError:
            return False
        if result.exports or result.source != source:
            return False
    return _uses_new(job)


def _sources(job: Job, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The project's Python files below `folder`, and what is in them."""
    for file in walk_python_files(folder):
        if not is_excluded(file, job.exclude, folder):
            yield file, file.read_bytes()


def _last_line(exported: Exported) -> str:
    lines = [line.strip() for line in exported.log.splitlines() if line.strip()]
    return lines[-1] if lines else exported.failure
