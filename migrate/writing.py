"""Writes what was rewritten: asked for where that is wanted, noted in a journal, and looked at before it counts."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from migrate import interrupts
from migrate.codemod import Outcome
from migrate.files import NOTEBOOK, remove_leftovers, write_atomically
from migrate.git import uncommitted
from migrate.journal import Journal, root_of
from migrate.report.sources import FileReport
from migrate.staying import blocked, declined
from migrate.support_files import SupportFileError, check_support_files, missing_support_files

Ask = Callable[[Outcome], bool]


class UncommittedError(Exception):
    """Files that would be rewritten have changes that nobody committed; nothing was written."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__(f'{len(files)} files with uncommitted changes')
        self.files = files


def write_all(outcomes: Iterable[Outcome], *, allow_dirty: bool = False, ask: Ask | None = None) -> list[Outcome]:
    """Writes what changed; returns the outcomes, with the errors of those that could not be written.

    Nothing is written before everything is rewritten: files may change together, and one that can't be touched is
    known then. Nor is anything told before everything is written: whoever shows it may fail (a full disk behind
    stdout), and would leave the rest of them as they were. `ask` decides of each change.

    Raises:
        UncommittedError: without `allow_dirty`, before anything is written.
        KeyboardInterrupt: as the user wants; its message says what was written.
    """
    with interrupts.saying(lambda: 'nothing was written'):
        outcomes = list(outcomes)
        files = [Path(outcome.report.path) for outcome in outcomes if outcome.changed]
        dirty = [] if allow_dirty else uncommitted(files)
        if dirty:
            raise UncommittedError(dirty)
        for folder in {Path(os.path.realpath(file)).parent for file in files}:
            remove_leftovers(folder)
        journal = Journal(root_of(Path(), [*files, *_missing(outcomes)]))
    done: list[Outcome] = []
    with contextlib.closing(journal), interrupts.saying(lambda: _so_far(done, journal.root)):
        for outcome in outcomes:
            is_wanted = outcome.changed and (ask is None or ask(outcome))
            with interrupts.held_back():  # or it is not known whether this one was written
                done.append(_written(outcome, journal) if is_wanted else _left(outcome))
    return done


def with_support_files(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes with the support files that would be placed, each with the first file that needs it."""
    seen: set[Path] = set()
    for outcome in outcomes:
        if not outcome.changed or not outcome.support_modules:
            yield outcome
            continue
        missing = missing_support_files(Path(outcome.report.path), outcome.support_modules)
        yield replace(outcome, placed=tuple((path, source) for path, source in missing if path not in seen))
        seen.update(path for path, _ in missing)


def _missing(outcomes: Iterable[Outcome]) -> Iterator[Path]:
    """The support files that will be placed."""
    for outcome in outcomes:
        yield from (path for path, _ in missing_support_files(Path(outcome.report.path), outcome.support_modules))


def _so_far(done: list[Outcome], root: Path) -> str:
    """What a run did that ends here, and the way back."""
    number = sum(outcome.changed for outcome in done)
    if not number:
        return 'nothing was written'
    folder = [] if root == Path.cwd() else [str(root)]
    command = shlex.join(['savedmodel-migrate', 'undo', *folder])
    what, them = ('file is', 'it') if number == 1 else ('files are', 'them')
    return f'{number:,} {what} rewritten; `{command}` takes {them} back'


def _left(outcome: Outcome) -> Outcome:
    return declined(outcome) if outcome.changed else outcome


def _written(outcome: Outcome, journal: Journal) -> Outcome:
    file = Path(outcome.report.path)
    try:
        if file.read_bytes() != outcome.before:
            return _failed(file, 'not rewritten: it changed in the meantime. Run again')
        check_support_files(file, outcome.support_modules)
        missing = missing_support_files(file, outcome.support_modules)
        for path, source in missing:
            journal.note(path, None, source)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, source)
        journal.note(file, outcome.before, outcome.after)
        write_atomically(file, outcome.after, check=json.loads if file.suffix == NOTEBOOK else _check)
    except SupportFileError as error:
        return blocked(outcome, f'not rewritten: {error}')
    except (SyntaxError, ValueError) as error:
        return _failed(file, f'what was written does not parse ({error}); the file is as it was')
    except OSError as error:
        return _failed(file, f'could not be written: {error.strerror or error}')
    return replace(outcome, placed=tuple(missing))


def _check(written: bytes) -> None:
    ast.parse(written)


def _failed(file: Path, message: str) -> Outcome:
    return Outcome(FileReport(file.as_posix(), '', '', error=message))
