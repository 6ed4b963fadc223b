"""The codemod over files: finds them, and rewrites each in memory, in processes where that pays."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate.choosing import Choice
from migrate.estimators import find_estimators, find_estimators_in, takes_part
from migrate.files import NOTEBOOK, find_python_files, read_file
from migrate.report.sources import FileReport
from migrate.support_files import session_module_name
from migrate.target_version import Targets
from rewriters import Options, SourceError, rewrite
from rewriters.bytes_first import may_use_tensorflow
from rewriters.options import FORMS, NEWEST_TARGET, SESSION_MODULE, EstimatorUse, Version
from rewriters.source import decode
from rewriters.suppressions import MARK, not_suppressed

if TYPE_CHECKING:
    from migrate.processes import Processes

_FEW_FILES = 16
"""So many files are done before the processes for them would have started."""

_OF_SITES = (b'saved_model', b'export_saved')
"""One of these stands in most of the files that hold a site."""

_LARGEST = 10_000_000
_TOO_LARGE = f'is larger than {_LARGEST // 1_000_000} MB: not looked into. Leave it out with `exclude` in the settings'

_Settings = tuple[Version, EstimatorUse | None, str, tuple[str, ...]]
"""What holds for one file: the TensorFlow that it is to run on, what it has to do with Estimators, the name of the
session module, and the forms that exports may take."""

Job = tuple[Path, _Settings]


@dataclass(frozen=True)
class Outcome:
    """What became of one file: what there is to report, and the bytes behind it for whoever writes them or a patch."""

    report: FileReport
    before: bytes = b''
    after: bytes = b''
    support_modules: tuple[str, ...] = ()
    """Modules that the new source imports and that are to be placed beside it."""
    placed: tuple[tuple[Path, bytes], ...] = ()
    """Those of them that come with this file, as they were not there yet: where each goes, and its source."""

    @property
    def changed(self) -> bool:
        return self.after != self.before


@dataclass(frozen=True)
class Selection:
    """Which findings are wanted: those whose code starts with one of `select` (or all), without those in `ignore`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def apply(self, outcome: Outcome) -> Outcome:
        """The outcome with the wanted findings only. What is rewritten stays the same."""
        findings = tuple(finding for finding in outcome.report.findings if self._wants(finding.code))
        return replace(outcome, report=replace(outcome.report, findings=findings))

    def _wants(self, code: str) -> bool:
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)


def process(
    paths: Iterable[Path],
    *,
    jobs: int = 1,
    target: Version | str | None = None,
    exclude_given: bool = False,
    use_cache: bool = False,
) -> Iterator[Outcome]:
    """Rewrites the Python files that `paths` mean; yields their outcomes in a stable order, whatever `jobs` is.

    Nothing is written. A file or folder that fails says so in its report; nothing is raised for it.
    `target` is the TensorFlow that the code is to run on, instead of what the settings say. With `exclude_given`, what
    the settings exclude is left out also where it is among the paths. With `use_cache`, what became of files that
    did not change since an earlier run is taken from the user's cache.
    Raises ConfigError where the settings that apply to a folder can't be read.
    """
    files, failures = find_sources(paths, exclude_given)
    yield from (Outcome(failure) for failure in failures)
    yield from process_files(files, jobs=jobs, target=target, use_cache=use_cache)


def process_files(
    files: Sequence[Path], *, jobs: int = 1, target: Version | str | None = None, use_cache: bool = False
) -> Iterator[Outcome]:
    """As `process`, for files that were found already."""
    targets = Targets(target)
    is_many = len(files) > _FEW_FILES
    with contextlib.ExitStack() as stack:
        run, find = _in_this_process, find_estimators
        if jobs > 1 and is_many:
            import rewriters.one_file  # noqa: F401  once, and not in each of the processes
            from migrate.processes import Processes  # takes as long to import as a file to rewrite

            run = functools.partial(_in_processes, stack.enter_context(Processes(jobs)))
        if use_cache and is_many:
            from migrate.cache import users_cache
            from migrate.remembering import remembered, remembered_estimators

            cache = users_cache()
            run, find = functools.partial(remembered, run, cache), functools.partial(remembered_estimators, find, cache)
        looks = [_look(file) for file in files]
        taking_part = [file for file, look in zip(files, looks, strict=True) if look.takes_part]
        estimators = functools.cache(lambda: find(files, taking_part))
        outcomes: dict[_Turn | None, Iterator[Outcome]] = {}
        for turn in sorted({look.turn for look in looks if look.turn is not None}):
            some = [file for file, look in zip(files, looks, strict=True) if look.turn == turn]
            outcomes[turn] = run(_jobs(some, targets, estimators() if turn.with_estimators else {}))
        for file, look in zip(files, looks, strict=True):
            yield _nothing(file) if look.turn is None else next(outcomes[look.turn])
        for rest in outcomes.values():
            next(rest, None)  # what comes after the last: they are remembered


class _Turn(NamedTuple):
    """When a file is rewritten: first what need not wait until it is known which files change together.

    Of that first what may hold a site: it takes longest, and brings libcst, for which few processes should wait.
    """

    with_estimators: bool
    without_site: bool


class _Look(NamedTuple):
    """What the bytes of a file tell. Most have no turn: there is nothing to say of them."""

    turn: _Turn | None
    takes_part: bool = False


def _look(file: Path) -> _Look:
    try:
        source = read_file(file)
    except OSError:
        return _Look(_Turn(False, True))  # that it can't be read is said when its turn comes
    with_estimators = takes_part(source)
    if _has_nothing(source, file):
        return _Look(None, with_estimators)
    return _Look(_Turn(with_estimators, not any(word in source for word in _OF_SITES)), with_estimators)


def _has_nothing(source: bytes, file: Path) -> bool:
    if str(file).endswith(NOTEBOOK):
        # `tf` may be TensorFlow that another module hands on.
        return not any(word in source for word in (b'tensorflow', b'tf', MARK))
    return not may_use_tensorflow(source) and MARK not in source


def _nothing(file: Path) -> Outcome:
    return Outcome(FileReport(file.as_posix(), '', ''))


def _in_this_process(work: Sequence[Job]) -> Iterator[Outcome]:
    return map(_rewrite_file, work)


def _in_processes(processes: Processes, work: Sequence[Job]) -> Iterator[Outcome]:
    return processes.map(_rewrite_file, work, _died)


def _jobs(files: Sequence[Path], targets: Targets, estimators: Mapping[Path, EstimatorUse]) -> list[Job]:
    @functools.cache
    def of_folder(folder: Path) -> tuple[Version, str, tuple[str, ...]]:
        settings = targets.settings_of(folder)
        is_placed = settings is not None and settings.session_module is not None
        name = session_module_name(folder) if is_placed else SESSION_MODULE
        return targets.of_folder(folder), name, targets.forms_of(folder)

    jobs = []
    for file in files:
        target, session_module, forms = of_folder(file.parent)
        jobs.append((file, (target, estimators.get(file), session_module, forms)))
    return jobs


def find_sources(paths: Iterable[Path], exclude_given: bool = False) -> tuple[list[Path], list[FileReport]]:
    """Returns the Python files that `paths` mean, by the settings that apply to each, and what could not be read."""
    errors: list[OSError] = []
    choice = Choice()
    given = list(paths)
    for path in given:
        if path.is_dir():
            choice.check(path)
    found = find_python_files(
        given,
        includes=choice.includes,
        excludes=choice.excludes,
        on_error=errors.append,
        exclude_given=exclude_given,
    )
    return found, [_failure(Path(error.filename or ''), _os_message(error)) for error in errors]


def _rewrite_file(job: Job) -> Outcome:
    """Reads and rewrites one file, in memory."""
    file, settings = job
    try:
        source = read_file(file)
    except OSError as error:
        return Outcome(_failure(file, _os_message(error)))
    if _has_nothing(source, file):
        return _nothing(file)
    return _rewrite_notebook(source, file, settings) if file.suffix == NOTEBOOK else _rewrite(source, file, settings)


def _rewrite_notebook(source: bytes, file: Path, settings: _Settings) -> Outcome:
    """Rewrites the cells of a notebook, as one script."""
    from migrate.notebook_outcomes import rewrite_notebook

    try:
        return rewrite_notebook(source, lambda script: _rewrite(script, file, settings))
    except SourceError as error:
        return Outcome(_failure(file, _source_message(error)))
    except Exception as error:
        return Outcome(_failure(file, _internal_message(error)))


def rewrite_source(
    source: bytes,
    file: Path,
    target: Version = NEWEST_TARGET,
    session_module: str = SESSION_MODULE,
    forms: tuple[str, ...] = FORMS,
) -> Outcome:
    """Rewrites one source that is all there is of its project; `file` is what it is called."""
    return _rewrite(source, file, (target, find_estimators_in(source), session_module, forms))


def _rewrite(source: bytes, file: Path, settings: _Settings) -> Outcome:
    """Rewrites one source. One of which nothing is to be said comes back empty."""
    target, estimators, session_module, forms = settings
    if len(source) > _LARGEST and b'tensorflow' in source:
        return Outcome(_failure(file, _TOO_LARGE))
    options = Options(str(file), target, session_module, estimators, forms)
    try:
        result = rewrite(source, options)
        if not result.findings and not result.exports and result.source == source and MARK not in source:
            return _nothing(file)
        before = decode(source).text
        after = before if result.source is source else decode(result.source).text
    except SourceError as error:
        return Outcome(_failure(file, _source_message(error)))
    except Exception as error:
        # Whatever it is, it must not keep the other files from being rewritten.
        return Outcome(_failure(file, _internal_message(error)))
    findings = not_suppressed(result.findings, before)
    report = FileReport(file.as_posix(), before, after, findings, result.exports)
    return Outcome(report, source, result.source, result.support_modules)


def _died(job: Job) -> Outcome:
    return Outcome(_failure(job[0], 'the process that rewrote it died (out of memory?); the file is as it was'))


def _failure(file: Path, message: str) -> FileReport:
    return FileReport(file.as_posix(), '', '', error=message)


def _os_message(error: OSError) -> str:
    return error.strerror or str(error)


def _source_message(error: SourceError) -> str:
    where = f'line {error.line}: ' if error.line else ''
    return f'{where}{error.message}. {error.advice}'.strip() if error.advice else f'{where}{error.message}'


def _internal_message(error: Exception) -> str:
    if os.environ.get('SAVEDMODEL_MIGRATE_DEBUG'):
        import traceback

        return ''.join(traceback.format_exception(error)).rstrip()
    if isinstance(error, RecursionError):
        return 'an expression in it is nested too deeply for the rewriter; the file is as it was'
    what = f'{type(error).__name__}: {error}'.rstrip(': ')
    return f'the rewriter failed ({what}); the file is as it was. SAVEDMODEL_MIGRATE_DEBUG=1 shows where'
