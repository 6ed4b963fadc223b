"""The command line, as a user types it."""

from pathlib import Path

from click.testing import CliRunner, Result

from migrate.cli import commands


def run(*arguments: str | Path, stdin: str | bytes = '') -> Result:
    return CliRunner().invoke(commands, list(map(str, arguments)), input=stdin, prog_name='savedmodel-migrate')
