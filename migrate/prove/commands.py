"""One command of a project, run with the interpreter of a side, a time limit, and its output in a log."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from migrate.interrupts import held_back

_LAST_WORDS = 30
_LONGEST_LINE = 500


class CommandFailed(Exception):
    """A command that did not end with status 0; the message says how it ended."""


def run_command(
    command: str, *, folder: Path, python: str, environment: Mapping[str, str], timeout: float, log: Path
) -> None:
    """Runs `command`, without a shell, in `folder`. Its output goes to the end of `log`. Leaves no process behind."""
    with log.open('ab') as output:
        output.write(f'$ {command}\n'.encode())
        output.flush()
        process: subprocess.Popen[bytes] | None = None
        try:
            with held_back():
                process = _start(_arguments(command, python), folder, environment, output)
            status = process.wait(timeout)
        except (OSError, ValueError) as error:
            raise CommandFailed(f'`{command}` could not be started: {error}') from error
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f'`{command}` was stopped after {timeout:g} seconds') from error
        finally:
            if process:
                _kill(process)
    if status != 0:
        raise CommandFailed(f'`{command}` {_how_it_ended(status)}')


def last_words(log: Path) -> str:
    """Returns the last lines of `log`, without what would fill the screen."""
    try:
        lines = log.read_text(encoding='utf-8', errors='replace').splitlines()
    except OSError:
        return ''
    return '\n'.join(line[:_LONGEST_LINE] for line in lines[-_LAST_WORDS:])


def _arguments(command: str, python: str) -> list[str]:
    arguments = shlex.split(command)
    if arguments and arguments[0] in ('python', 'python3'):
        arguments[0] = python
    if not arguments:
        raise ValueError('there is nothing to run')
    return arguments


def _start(
    arguments: list[str], folder: Path, environment: Mapping[str, str], output: BinaryIO
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f'ended with status {status}'
    try:
        return f'was ended by {signal.Signals(-status).name}'
    except ValueError:
        return f'was ended by signal {-status}'
