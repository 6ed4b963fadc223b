"""Runs what a command asks for, shows what comes out of it, and returns the exit code."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate import interrupts
from migrate.config import ProveSettings, read_settings
from migrate.output import exits
from migrate.report.text import counted

if TYPE_CHECKING:
    from migrate.report.model import Proof

HERE = (Path('.'),)
_FORMATS = {'.html': 'html', '.htm': 'html', '.md': 'markdown', '.markdown': 'markdown', '.json': 'json'}
_DEFAULT_OUTPUTS = {
    'html': Path('savedmodel-migrate-report.html'),
    'markdown': Path('savedmodel-migrate-report.md'),
    'json': Path('savedmodel-migrate-report.json'),
}
_HOW_TO_PROVE = """\
[tool.savedmodel-migrate.prove]
run = ["python export.py"]         # how to export; `python` is the Python of the side
models = ["export"]                # where the SavedModels come out
old-exports = "exported_by_tf1"    # optional: models that TensorFlow 1 exported"""


def run_prove(projects: Sequence[Path], *, style: str, jobs: int, **options: Any) -> int:
    """`prove`."""
    from migrate.output import proofs
    from migrate.prove import check_revision, prove_together

    if options.get('new_python') is None and not has_tensorflow():
        exits.show_error(f'a proof runs models. {no_tensorflow("--old-python, --new-python")}')
        return exits.FAILED
    results = [name for project in projects for name in _prove_settings(project).results]
    if options['old_revision'] is not None and options['old_python'] is None:
        raise click.UsageError('--old-revision needs --old-python, which runs the code of that commit.')
    for project in projects:
        check_revision(project, options['old_revision'])
    widths = max(len(project.as_posix()) for project in projects), max(map(len, results))
    done: list[Proof] = []

    def so_far() -> str:
        return f'{len(done)} of {counted(len(projects), "project")} done; no project was changed'

    with interrupts.saying(so_far):
        for project, wait in prove_together(projects, jobs=jobs, **options):
            try:
                with telling() as say:
                    proof = wait(say)
            except Exception as error:
                proof = proofs.failed_proof(project, error)
            done.append(proof)
            if style == 'text':
                proofs.show_proof(proof, widths)
    if style == 'json':
        proofs.show_json('proofs', tuple(done))
    else:
        proofs.show_sum(done)
    return exits.worst(*(proof.verdict.exit_code for proof in done))


def run_report(
    paths: Sequence[Path], output: Path | None, style: str | None, work_dir: Path, jobs: int, use_cache: bool
) -> int:
    """`report`."""
    style = style or _format_of(output)
    from migrate.files import write_atomically
    from migrate.report.collect import collect

    report = collect(paths or HERE, work_dir, jobs, use_cache)
    failed = [(file.path, file.error) for project in report.projects for file in project.files if file.error]
    failed += [(folder.path, folder.error) for folder in report.conversions if folder.error]
    for path, error in failed:
        exits.show_error(f'{path}: {error}')
    output = output or _DEFAULT_OUTPUTS[style]
    text = _render(report, style, output).encode('utf-8', 'backslashreplace')
    if output == Path('-'):
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, text)
        click.echo(output)
    return exits.FAILED if failed else exits.NOTHING


def has_tensorflow() -> bool:
    from importlib.util import find_spec

    return find_spec('tensorflow') is not None


def no_tensorflow(options: str) -> str:
    """What to do about it; `options` name another Python."""
    return f"""\
{sys.executable} has no TensorFlow. Install it:
    pip install 'savedmodel-migrate[tensorflow]'
or name a Python that has it with {options}."""


@contextlib.contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Says on stderr what is going on: on a terminal in one line that goes away, else line by line."""
    if not sys.stderr.isatty():
        yield lambda message: click.echo(message, err=True)
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status('starting') as status:
        yield lambda message: status.update(escape(message))


def _prove_settings(project: Path) -> ProveSettings:
    """How a project is proven; where it doesn't say that, the error shows what to write."""
    settings = read_settings(project)
    if settings is None or settings.prove is None:
        raise exits.Failure(
            f'{project} has no settings for a proof. Write into {project / "pyproject.toml"}:\n\n{_HOW_TO_PROVE}\n'
        )
    return settings.prove


def _format_of(output: Path | None) -> str:
    if output is None:
        return 'html'
    style = _FORMATS.get(output.suffix.lower())
    if style is None:
        raise exits.Failure(f'{output}: its name tells no format. End it in .html, .md or .json, or add --format.')
    return style


def _render(report: Any, style: str, output: Path) -> str:
    if style == 'html':
        from migrate.report.history import earlier
        from migrate.report.html import render_html

        return render_html(report, () if output == Path('-') else earlier(output.parent, report.created))
    if style == 'markdown':
        from migrate.report.markdown import render_markdown

        return render_markdown(report)
    from migrate.report.as_json import render_json

    return render_json(report)
