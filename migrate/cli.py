"""The command line. What a command needs is imported when it runs: `--help` answers at once."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from migrate import __version__
from migrate.output import exits

_Command = TypeVar('_Command', bound=Callable[..., Any])

_OLD_PYTHON = 'SAVEDMODEL_MIGRATE_OLD_PYTHON'
_WORK_DIR = Path('.savedmodel-migrate')


def main() -> None:
    """Entry point of `savedmodel-migrate`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, 'reconfigure'):
            # Where the terminal can't show a character, its number is better than a traceback.
            stream.reconfigure(errors='backslashreplace')
    # Syntax trees are large and go when nothing refers to them any more: looking for cycles in them takes a quarter of
    # the time of a scan.
    gc.set_threshold(1_000_000, 50, 50)
    # So that what runs at the time (an export, a model) is ended with the command, as it is by an interrupt.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    commands(prog_name='savedmodel-migrate')


@click.group(
    cls=exits.Commands,
    epilog=exits.LEGEND,
    invoke_without_command=True,
    context_settings={'help_option_names': ['-h', '--help'], 'max_content_width': 100},
)
@click.version_option(__version__, prog_name='savedmodel-migrate')
@click.pass_context
def commands(context: click.Context) -> int:
    """Rewrites TensorFlow 1 SavedModel export code to TensorFlow 2, and proves that the new model serves the same.

    \b
    What is there, and what can be done about it:
        savedmodel-migrate scan src
    Look at the changes, then make them:
        savedmodel-migrate rewrite --diff src
        savedmodel-migrate rewrite src
    Prove that the model is still the same:
        savedmodel-migrate verify old-model new-model
        savedmodel-migrate prove project --old-python tf1/bin/python
    Hold the line in CI:
        savedmodel-migrate rewrite --check src

    PATHS default to the current folder. Settings come from [tool.savedmodel-migrate] in the nearest pyproject.toml.
    A comment `# savedmodel-migrate: ignore[CODE]` on a line leaves out what would be said of it.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
    return exits.USAGE


def _paths(allow_dash: bool = False) -> Callable[[_Command], _Command]:
    kind = click.Path(exists=True, readable=False, allow_dash=allow_dash, path_type=Path)
    return click.argument('paths', nargs=-1, type=kind)


def _jobs(command: _Command) -> _Command:
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1
    kind = click.IntRange(min=1)
    return click.option('-j', '--jobs', type=kind, default=cpus, help='Processes; as many as there are CPUs.')(command)


def _format(*formats: str, default: str | None = 'text') -> Callable[[_Command], _Command]:
    return click.option('--format', 'style', type=click.Choice(formats), default=default, show_default=bool(default))


def _selection(command: _Command) -> _Command:
    for name, text in (('ignore', 'Leave out findings with'), ('select', 'Show and count only findings with')):
        text += ' this code, or with codes that begin so. Can be repeated.'
        command = click.option(f'--{name}', multiple=True, metavar='CODE', callback=_known_codes, help=text)(command)
    return click.option('-v', '--verbose', is_flag=True, help='Show also what needs no attention.')(command)


def _target(command: _Command) -> _Command:
    return click.option(
        '--target-version',
        'target',
        metavar='2.x|auto',
        callback=_target_version,
        help='The TensorFlow that the code is to run on (default: the newest); `auto` reads the requirements.',
    )(command)


def _python(side: str, text: str, variable: str | None = None) -> Callable[[_Command], _Command]:
    return click.option(
        f'--{side}-python', metavar='PYTHON', envvar=variable, show_envvar=True, callback=_interpreter, help=text
    )


def _timeout(text: str) -> Callable[[_Command], _Command]:
    return click.option('--timeout', type=click.FloatRange(min=0, min_open=True), metavar='SECONDS', help=text)


def _known_codes(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        return ()
    from migrate.output.explanations import known_code

    return tuple(known_code(code) for item in value for code in item.split(',') if code.strip())


def _target_version(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    if value is None:
        return None
    from migrate.config import parse_target_version

    try:
        return parse_target_version(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _interpreter(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if not value:
        return None
    found = shutil.which(value)
    if found is None:
        raise click.BadParameter(f'there is no Python interpreter {value}')
    # It is started from other folders. Not resolved: the link in a virtual environment is what makes it one.
    return os.path.abspath(found)


@commands.command()
@_paths()
@_format('text', 'json')
@_jobs
@_target
@_selection
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


@commands.command()
@_paths(allow_dash=True)
@click.option('--diff', is_flag=True, help='Write nothing; print what would change as a unified diff.')
@click.option('--check', is_flag=True, help='Write nothing; tell by the exit code whether something would change.')
@_format('text', 'json')
@_jobs
@_target
@_selection
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


@commands.command()
@click.argument('old', type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument('new', type=click.Path(exists=True, file_okay=False, path_type=Path))
@_python('old', 'The Python, with its TensorFlow, that runs OLD; this one if it is not given.')
@_python('new', 'The Python that runs NEW; this one if it is not given.')
@_timeout('For each side (default: 300).')
@click.option('--seed', type=int, default=0, show_default=True, help='Of the inputs that are made up.')
@_format('text', 'json')
def verify(old: Path, new: Path, style: str, timeout: float | None, **options: Any) -> int:
    """Compares what two SavedModels serve.

    \b
        savedmodel-migrate verify export/1 export/2
        savedmodel-migrate verify old new --old-python tf1/bin/python

    First their contracts, then their outputs for the same inputs, which are made up from the graph. OLD and NEW are
    folders with a saved_model.pb. Each runs in processes of its own, with the TensorFlow of its Python.
    Ends with 0 if they serve the same, with 1 if not, with 3 if one can't be read or run, with 4 if nothing was proven.
    """
    from migrate.output.runs import run_verify

    return run_verify(old, new, style=style, **({'timeout': timeout} if timeout else {}), **options)


@commands.command()
@click.argument('projects', nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_python('old', 'A Python with TensorFlow 1.', _OLD_PYTHON)
@_python('new', 'A Python with TensorFlow 2; this one if it is not given.')
@_timeout('For each command and each side; instead of what the project says.')
@click.option('--work-dir', type=click.Path(path_type=Path), default=_WORK_DIR, show_default=True, help='For copies.')
@_format('text', 'json')
def prove(projects: tuple[Path, ...], style: str, **options: Any) -> int:
    """Exports before and after, and verifies.

    \b
        savedmodel-migrate prove . --old-python tf1/bin/python
        savedmodel-migrate prove projects/*/

    A project says in its pyproject.toml how it exports. The old side is exported from the code as it is, the new side
    from the rewritten code. Everything happens in copies in the work folder; the project
    stays as it is. Without an old Python, the models in the project's `old-exports` are the old side.
    Ends with 0 if all models serve the same, with 1 if one does not, with 3 if something failed, with 4 if nothing was
    proven of one.
    """
    from migrate.output.runs import run_prove

    return run_prove(projects, style=style, **options)


@commands.command()
@_paths()
@click.option('-o', '--output', type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), help='`-` is stdout.')
@_format('html', 'markdown', 'json', default=None)
@click.option('--work-dir', type=click.Path(path_type=Path), default=_WORK_DIR, help='Where `prove` left its proofs.')
@_jobs
def report(paths: tuple[Path, ...], output: Path | None, style: str | None, work_dir: Path, jobs: int) -> int:
    """Writes a report of changes and proofs.

    \b
        savedmodel-migrate report
        savedmodel-migrate report projects --output report.html
        savedmodel-migrate report --format markdown --output -

    Every project at or below PATHS is in it, with its files, findings and the proof that `prove` left. Without
    --format, the file's name tells it. The report shows and does not judge: it ends with 0 if it was written,
    with 3 if a file could not be read.
    """
    from migrate.output.runs import run_report

    return run_report(paths, output, style, work_dir, jobs)


@commands.command()
@click.argument('codes', nargs=-1, metavar='[CODE]...')
def explain(codes: tuple[str, ...]) -> int:
    """Explains codes of findings, or lists all.

    \b
        savedmodel-migrate explain EXP101
    """
    from migrate.output.explanations import explanation, overview

    click.echo('\n\n'.join(map(explanation, codes)) if codes else overview())
    return exits.NOTHING


if __name__ == '__main__':
    main()
