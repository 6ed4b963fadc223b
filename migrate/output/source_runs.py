"""Runs `scan`, `rewrite` and `undo`, shows what comes out of it, and returns the exit code."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from migrate.output import exits
from migrate.output.runs import HERE


def run_codemod(
    paths: Sequence[Path],
    purpose: Any,
    *,
    style: str,
    jobs: int,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    verbose: bool,
    target: Any = None,
    diff: bool = False,
    statistics: bool = False,
    exclude_given: bool = False,
    allow_dirty: bool = False,
    interactive: bool = False,
    use_cache: bool = True,
) -> int:
    """`scan` and `rewrite`."""
    from migrate.codemod import process
    from migrate.output import listing
    from migrate.output.progress import with_progress
    from migrate.selection import Selections

    paths = paths or HERE
    found = process(paths, jobs=jobs, target=target, exclude_given=exclude_given, use_cache=use_cache)
    outcomes = with_progress(found)
    questions = _questions() if interactive else None
    if purpose.writes:
        outcomes = iter(_written(outcomes, allow_dirty, questions))
    else:
        from migrate.staying import without_blocked

        outcomes = without_blocked(outcomes)
    if purpose is not listing.Purpose.SCAN:
        from migrate.untracked import without_untracked
        from migrate.writing import with_support_files

        outcomes = outcomes if purpose.writes else with_support_files(outcomes)
        outcomes = without_untracked(outcomes, _shown)
    outcomes = map(Selections(select, ignore).apply, outcomes)
    if statistics:
        summary = listing.show_statistics(outcomes, purpose)
    elif style == 'json':
        summary = listing.show_json(outcomes, with_diff=diff)
    elif style == 'text':
        if diff:
            from migrate.output.diffs import with_diffs

            outcomes = with_diffs(outcomes)
        summary = listing.show(outcomes, purpose, verbose=verbose, err=diff)
    else:
        summary = _show_for_services(list(outcomes), purpose, style, verbose, diff)
    for line in questions.left() if questions else ():
        click.echo(line, err=True)
    if not summary.files:
        click.echo(f'There is no Python file in {", ".join(map(str, paths))}: nothing to do.', err=True)
    return listing.exit_code(summary, purpose)


def _show_for_services(outcomes: Sequence[Any], purpose: Any, style: str, verbose: bool, diff: bool) -> Any:
    """Formats that other programs show to people."""
    from migrate.output import listing
    from migrate.report.sources import summarise_sources

    summary = summarise_sources([outcome.report for outcome in outcomes])
    line = click.unstyle(listing.summary_line(summary, purpose))
    if style == 'github':
        from migrate.output.as_github import commands

        for outcome in outcomes:
            for command in commands(outcome, verbose=verbose, written=purpose.writes):
                click.echo(command)
        click.echo(line)
    elif style == 'sarif':
        from migrate.output.as_sarif import render as render_sarif

        click.echo(render_sarif(outcomes, written=purpose.writes), nl=False)
    else:
        from migrate.output.as_markdown import render as render_markdown

        click.echo(render_markdown(outcomes, line, verbose=verbose, diffs=diff), nl=False)
    return summary


def run_on_stdin(
    purpose: Any, *, select: tuple[str, ...], ignore: tuple[str, ...], verbose: bool, target: Any, diff: bool
) -> int:
    """`rewrite -`."""
    from migrate.codemod import rewrite_source
    from migrate.output import diffs, listing
    from migrate.selection import Selections
    from migrate.support_files import session_module_name
    from migrate.target_version import Targets

    source = sys.stdin.buffer.read()
    folder = Path.cwd()
    targets = Targets(target)
    settings = targets.of_folder(folder), session_module_name(folder), targets.forms_of(folder)
    rewritten = rewrite_source(source, Path('<stdin>'), *settings)
    outcome = Selections(select, ignore).apply(rewritten)
    if diff:
        diffs.print_diff(outcome)
    elif purpose.writes and not outcome.report.error:
        click.echo(outcome.after if outcome.changed else source, nl=False)
    code = listing.exit_code(listing.show([outcome], purpose, verbose=verbose, err=True), purpose)
    if outcome.support_modules:
        modules = ' and '.join(f'{module}.py' for module in outcome.support_modules)
        click.echo(f'It needs {modules}: `savedmodel-migrate rewrite FILE` places that as well.', err=True)
    return code


def run_undo(folder: Path, force: bool) -> int:
    """`undo`."""
    from migrate.journal import JournalError
    from migrate.report.text import visible
    from migrate.undo import ChangedSinceError, last_journal, remove_empty_folders, undo

    journal = last_journal(folder)
    if journal is None:
        remove_empty_folders(folder)
        click.echo(f'There is nothing to undo: no journal of a rewrite is here.{_elsewhere(folder)}', err=True)
        return exits.NOTHING
    try:
        undone = undo(journal, force=force)
    except ChangedSinceError as error:
        raise exits.Failure(
            f'These changed after they were rewritten:\n{_listed(error.files)}\n'
            'Nothing was undone. --force takes them back too; what was changed since is lost then.'
        ) from None
    except JournalError as error:
        raise exits.Failure(visible(str(error))) from None
    for each in undone:
        click.echo(f'{"removed" if each.removed else "restored"} {_shown(each.path)}')
    if not undone:
        click.echo('All files were as they had been.', err=True)
    return exits.NOTHING


def _elsewhere(folder: Path) -> str:
    """Only the user can tell whether the journal of another folder is meant."""
    from migrate.undo import folders_to_undo

    commands = [f'`{shlex.join(["savedmodel-migrate", "undo", _shown(other)])}`' for other in folders_to_undo(folder)]
    if not commands:
        return ''
    return f' {"One is" if len(commands) == 1 else "Some are"} elsewhere: {", ".join(commands)}.'


def _questions() -> Any:
    from migrate.output.questions import Questions

    return Questions()


def _written(outcomes: Iterator[Any], allow_dirty: bool, questions: Any) -> list[Any]:
    from migrate.writing import UncommittedError, write_all

    try:
        return write_all(outcomes, allow_dirty=allow_dirty, ask=questions)
    except UncommittedError as error:
        raise exits.Failure(
            f'These would be rewritten, but have changes that are not committed:\n{_listed(error.files)}\n'
            'Nothing was written. Commit or stash the changes, or add --allow-dirty: '
            '`savedmodel-migrate undo` takes a rewrite back in any case.'
        ) from None


def _listed(files: Sequence[Path]) -> str:
    return '\n'.join(f'    {_shown(file)}' for file in files)


def _shown(file: Path) -> str:
    from migrate.report.text import visible

    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    return visible(shown.as_posix()).replace('\n', '\\n')
