"""The command line: where `savedmodel-migrate` starts, and what it says about itself."""

from __future__ import annotations

import gc
import sys
import warnings

import click

from migrate import __version__, interrupts
from migrate.commands import artifacts, models, reading, sources
from migrate.output import exits, streams


def main() -> None:
    """Entry point of `savedmodel-migrate`."""
    sys.stdout, sys.stderr = streams.lasting(sys.stdout), streams.lasting(sys.stderr)
    # Syntax trees are large and go when nothing refers to them any more: looking for cycles in them takes a quarter of
    # the time of a scan.
    gc.set_threshold(1_000_000, 50, 50)
    # What a compiler minds in users' sources (`'\d'`) is no matter of ours; and it does not say in which file.
    for category in (DeprecationWarning, SyntaxWarning):
        warnings.simplefilter('ignore', category)
    interrupts.exit_on_terminate()
    try:
        commands(prog_name='savedmodel-migrate')
    finally:
        gc.freeze()  # or the interpreter, as it ends, looks for cycles in all that there is


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
        savedmodel-migrate undo
    Prove that the model is still the same:
        savedmodel-migrate verify old-model new-model
        savedmodel-migrate prove project --old-python tf1/bin/python
    Convert a model without its source; keep classify and regress:
        savedmodel-migrate convert old-model new-model
        savedmodel-migrate method-names new-model --like old-model
    Hold the line in CI:
        savedmodel-migrate rewrite --check src

    PATHS default to the current folder. Settings come from [tool.savedmodel-migrate] in the nearest pyproject.toml.
    A comment `# savedmodel-migrate: ignore[CODE]` on a line leaves out what would be said of it.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
    return exits.USAGE


for command in (
    sources.scan,
    sources.rewrite,
    sources.undo,
    models.verify,
    models.prove,
    models.inspect,
    models.run,
    artifacts.convert,
    artifacts.method_names,
    reading.report,
    reading.explain,
):
    commands.add_command(command)


if __name__ == '__main__':
    main()
