"""Exit codes, the same for every command, and how an error that ends a command is shown."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import click

from migrate.config import ConfigError

NOTHING, FOUND, USAGE, FAILED, INCONCLUSIVE = 0, 1, 2, 3, 4
INTERRUPTED = 130
_FROM_WORST_TO_BEST = (FAILED, USAGE, FOUND, INCONCLUSIVE, NOTHING)

LEGEND = """\b
Exit codes, the same for every command; the worst wins:
  0  nothing to do, or equal
  1  findings, something would change, or different
  2  wrong usage or settings
  3  something failed: a file, a command, a model
  4  inconclusive: nothing was proven
  (3 before 2 before 1 before 4)
  130  interrupted by Ctrl-C
"""


def worst(*codes: int) -> int:
    """The code of a whole, from those of its parts."""
    return min(codes, key=_FROM_WORST_TO_BEST.index, default=NOTHING)


class Failure(click.ClickException):
    """What was asked for can't be done; the message names the way on."""

    exit_code = USAGE


class Commands(click.Group):
    """A group whose commands return their exit code, and whose errors are one message each, without a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        kwargs['standalone_mode'] = False
        if os.environ.get('NO_COLOR'):
            kwargs['color'] = False
        try:
            code = super().main(*args, **kwargs)
        except (click.Abort, KeyboardInterrupt) as error:
            said = str(error.__cause__ or error)
            click.echo(f'Interrupted: {said}.' if said else 'Interrupted.', err=True)
            code = INTERRUPTED
        except Exception as error:
            if os.environ.get('SAVEDMODEL_MIGRATE_DEBUG') and not isinstance(error, click.ClickException):
                raise
            show_error(message_of(error))
            code = _exit_code(error)
        sys.exit(code or NOTHING)


def show_error(message: str) -> None:
    """Shows what went wrong, with a mark that tells it from everything else on the same stream."""
    mark = 'error:' if os.environ.get('NO_COLOR') else click.style('error:', fg='red', bold=True)
    click.echo(f'{mark} {message}', err=True)


def message_of(error: Exception) -> str:
    if isinstance(error, click.UsageError) and error.ctx:
        return f'{error.format_message()}\n`{error.ctx.command_path} --help` shows what it takes.'
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, OSError):
        return f'{error.filename}: {error.strerror}' if error.filename else str(error)
    if isinstance(error, ConfigError):
        return str(error)
    return f'{type(error).__name__}: {error}\nThis is a fault of the tool. SAVEDMODEL_MIGRATE_DEBUG=1 shows where.'


def _exit_code(error: Exception) -> int:
    if isinstance(error, click.ClickException):
        return error.exit_code
    return USAGE if isinstance(error, ConfigError) else FAILED
