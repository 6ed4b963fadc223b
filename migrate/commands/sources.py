"""Commands about source code: scan, rewrite, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.commands import options


@click.command()
@options.paths()
@options.format('text', 'json', 'github', 'sarif', 'markdown')
@options.jobs
@options.target
@options.cache
@options.force_exclude
@options.statistics
@options.selection
def scan(paths: tuple[Path, ...], style: str, jobs: int, statistics: bool, **selection: Any) -> int:
    """Lists export sites and findings; changes nothing.

    \b
        savedmodel-migrate scan
        savedmodel-migrate scan src --format json
        savedmodel-migrate scan --statistics

    Ends with 1 if there is something that `rewrite` would change, or a finding that asks for a person (`review`,
    `manual`); with 3 if a file could not be read or rewritten; with 0 if there is nothing to do, or no Python file at
    all.
    """
    from migrate.output.listing import Purpose
    from migrate.output.source_runs import run_codemod

    options.only_text(statistics, style)
    return run_codemod(paths, Purpose.SCAN, style=style, jobs=jobs, statistics=statistics, **selection)


@click.command()
@options.paths(allow_dash=True)
@click.option('--diff', is_flag=True, help='Write nothing; print what would change as a unified diff.')
@click.option('--check', is_flag=True, help='Write nothing; tell by the exit code whether something would change.')
@click.option('--interactive', is_flag=True, help='Show each change, and ask whether it is to be written.')
@click.option('--allow-dirty', is_flag=True, help='Rewrite also files with changes that are not committed.')
@options.format('text', 'json', 'github', 'sarif', 'markdown')
@options.jobs
@options.target
@options.cache
@options.force_exclude
@options.statistics
@options.selection
def rewrite(
    paths: tuple[Path, ...],
    diff: bool,
    check: bool,
    interactive: bool,
    allow_dirty: bool,
    style: str,
    jobs: int,
    statistics: bool,
    exclude_given: bool,
    use_cache: bool,
    **selection: Any,
) -> int:
    """Rewrites export code to TensorFlow 2.

    \b
        savedmodel-migrate rewrite src
        savedmodel-migrate rewrite --diff src > changes.patch
        savedmodel-migrate rewrite --check src
        savedmodel-migrate rewrite --interactive src
        savedmodel-migrate rewrite - < export.py > export_tf2.py

    Files with changes that git has not committed are not touched, and then no other is, without --allow-dirty.
    What is written can be taken back: `savedmodel-migrate undo`.

    Ends with 1 if `manual` findings are left for a person and, with --check or --diff, if something would change;
    with 3 if a file could not be read or written (the others are done nevertheless); else with 0. With --diff and `-`
    everything but the diff or the source goes to stderr.
    """
    from migrate.output.listing import Purpose
    from migrate.output.source_runs import run_codemod, run_on_stdin

    purpose = Purpose.CHECK if diff or check else Purpose.WRITE
    if interactive and (diff or check or style != 'text' or Path('-') in paths):
        raise click.UsageError('--interactive goes with neither --diff nor --check, --format or `-`.')
    if interactive:
        from migrate.output.questions import can_ask

        if not can_ask():
            raise click.UsageError('--interactive needs a terminal: somebody has to answer.')
    options.only_text(statistics, style)
    if Path('-') not in paths:
        selection |= {'interactive': interactive, 'allow_dirty': allow_dirty, 'statistics': statistics}
        selection |= {'exclude_given': exclude_given, 'use_cache': use_cache}
        return run_codemod(paths, purpose, style=style, jobs=jobs, diff=diff, **selection)
    if len(paths) > 1 or style != 'text':
        raise click.UsageError('`-` goes with no other path, and not with --format.')
    return run_on_stdin(purpose, diff=diff, **selection)


@click.command()
@click.argument('folder', default='.', type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option('--force', is_flag=True, help='Take back also files that changed since, and lose what was changed.')
def undo(folder: Path, force: bool) -> int:
    """Takes back the last rewrite, byte for byte.

    \b
        savedmodel-migrate undo
        savedmodel-migrate undo && savedmodel-migrate undo    # the last two

    Every run of `rewrite` keeps a journal in the folder where it was started (.savedmodel-migrate/undo), also one that
    was killed; for files elsewhere, in the folder that holds all of them. It is looked for in FOLDER and, in a git
    repository, in the folders above it. If a file changed since, nothing is undone.
    Ends with 0 if all files are as they were, or there is nothing to undo; with 2 if files changed since.
    """
    from migrate.output.source_runs import run_undo

    return run_undo(folder, force)
