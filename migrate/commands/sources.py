"""Commands about source code: scan, rewrite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate.commands import options


@click.command()
@options.paths()
@options.format('text', 'json')
@options.jobs
@options.target
@options.selection
def scan(paths: tuple[Path, ...], style: str, jobs: int, **selection: Any) -> int:
    """Lists export sites and findings; changes nothing.

    \b
        savedmodel-migrate scan
        savedmodel-migrate scan src --format json

    Ends with 1 if there is something that `rewrite` would change, or a finding that asks for a person (`review`,
    `manual`); with 3 if a file could not be read; with 0 if there is nothing to do, or no Python file at all.
    """
    from migrate.output.listing import Purpose
    from migrate.output.runs import run_codemod

    return run_codemod(paths, Purpose.SCAN, style=style, jobs=jobs, **selection)


@click.command()
@options.paths(allow_dash=True)
@click.option('--diff', is_flag=True, help='Write nothing; print what would change as a unified diff.')
@click.option('--check', is_flag=True, help='Write nothing; tell by the exit code whether something would change.')
@options.format('text', 'json')
@options.jobs
@options.target
@options.selection
def rewrite(paths: tuple[Path, ...], diff: bool, check: bool, style: str, jobs: int, **selection: Any) -> int:
    """Rewrites export code to TensorFlow 2.

    \b
        savedmodel-migrate rewrite src
        savedmodel-migrate rewrite --diff src > changes.patch
        savedmodel-migrate rewrite --check src
        savedmodel-migrate rewrite - < export.py > export_tf2.py

    Ends with 1 if `manual` findings are left for a person and, with --check or --diff, if something would change;
    with 3 if a file could not be read or written (the others are done nevertheless); else with 0. With --diff and `-`
    everything but the diff or the source goes to stderr.
    """
    from migrate.output.listing import Purpose
    from migrate.output.runs import run_codemod, run_on_stdin

    purpose = Purpose.CHECK if diff or check else Purpose.WRITE
    if Path('-') not in paths:
        return run_codemod(paths, purpose, style=style, jobs=jobs, diff=diff, **selection)
    if len(paths) > 1 or style == 'json':
        raise click.UsageError('`-` goes with no other path, and not with --format json.')
    return run_on_stdin(purpose, diff=diff, **selection)
