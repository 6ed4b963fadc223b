"""Commands that tell what was found: report, explain."""

from __future__ import annotations

from pathlib import Path

import click

from migrate.commands import options
from migrate.output import exits


@click.command()
@options.paths()
@click.option(
    '-o',
    '--output',
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    callback=options.into_new_folder,
    help='`-` is stdout (default: savedmodel-migrate-report.html, here).',
)
@options.format('html', 'markdown', 'json', default=None)
@click.option(
    '--work-dir',
    type=click.Path(path_type=Path),
    default=options.WORK_DIR,
    help='Where `prove` left its proofs (default: .savedmodel-migrate, here or in the project).',
)
@options.jobs
@options.cache
def report(
    paths: tuple[Path, ...], output: Path | None, style: str | None, work_dir: Path, jobs: int, use_cache: bool
) -> int:
    """Writes a report of changes, proofs and conversions.

    \b
        savedmodel-migrate report
        savedmodel-migrate report projects --output report.html
        savedmodel-migrate report --format markdown --output -

    Every project at or below PATHS is in it, with its files, findings and the proof that `prove` left, and every folder
    that `convert` filled with models, by its conversions.json. Without --format, the file's name tells it. The report
    shows and does not judge: it ends with 0 if it was written, with 3 if a file could not be read or rewritten.
    """
    from migrate.output.runs import run_report

    return run_report(paths, output, style, work_dir, jobs, use_cache)


@click.command()
@click.argument('codes', nargs=-1, metavar='[CODE]...')
def explain(codes: tuple[str, ...]) -> int:
    """Explains codes of findings, or all that begin so; lists all.

    \b
        savedmodel-migrate explain
        savedmodel-migrate explain EXP101
        savedmodel-migrate explain LOAD
    """
    from migrate.output.explanations import explanation, overview

    click.echo('\n\n'.join(map(explanation, codes)) if codes else overview())
    return exits.NOTHING
