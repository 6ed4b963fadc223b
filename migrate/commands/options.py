"""Options that several commands have, and the checks of what is given for them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar('_Command', bound=Callable[..., Any])

OLD_PYTHON = 'SAVEDMODEL_MIGRATE_OLD_PYTHON'
# Processes that run models read it: also those of `prove`, to which it can be given so.
OP_LIBRARIES = 'SAVEDMODEL_MIGRATE_OP_LIBRARIES'
WORK_DIR = Path('.savedmodel-migrate')


def paths(allow_dash: bool = False) -> Callable[[_Command], _Command]:
    kind = click.Path(exists=True, readable=False, allow_dash=allow_dash, path_type=Path)
    return click.argument('paths', nargs=-1, type=kind)


def jobs(command: _Command) -> _Command:
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1
    kind = click.IntRange(min=1)
    return click.option('-j', '--jobs', type=kind, default=cpus, help='Processes; as many as there are CPUs.')(command)


def format(*formats: str, default: str | None = 'text') -> Callable[[_Command], _Command]:
    return click.option('--format', 'style', type=click.Choice(formats), default=default, show_default=bool(default))


def selection(command: _Command) -> _Command:
    for name, text in (('ignore', 'Leave out findings with'), ('select', 'Show and count only findings with')):
        text += ' this code, or with codes that begin so. Can be repeated.'
        command = click.option(f'--{name}', multiple=True, metavar='CODE', callback=_known_codes, help=text)(command)
    return click.option('-v', '--verbose', is_flag=True, help='Show also what needs no attention.')(command)


def force_exclude(command: _Command) -> _Command:
    text = 'Leave out what the settings exclude also where it is among PATHS, as a hook needs it.'
    return click.option('--force-exclude', 'exclude_given', is_flag=True, help=text)(command)


def statistics(command: _Command) -> _Command:
    text = 'Count the findings by code, instead of showing each.'
    return click.option('--statistics', is_flag=True, help=text)(command)


def only_text(statistics: bool, style: str) -> None:
    if statistics and style != 'text':
        raise click.UsageError('--statistics goes with no --format but text.')


def target(command: _Command) -> _Command:
    return click.option(
        '--target-version',
        'target',
        metavar='2.x|auto',
        callback=_target_version,
        help='The TensorFlow that the code is to run on (default: the newest); `auto` reads the requirements.',
    )(command)


def cache(command: _Command) -> _Command:
    text = 'Look into every file anew, not only into those that changed since an earlier run.'
    return click.option('--no-cache', 'use_cache', is_flag=True, flag_value=False, default=True, help=text)(command)


def python(side: str, text: str, variable: str | None = None) -> Callable[[_Command], _Command]:
    return click.option(
        f'--{side}-python', metavar='PYTHON', envvar=variable, show_envvar=True, callback=_interpreter, help=text
    )


def tensorflow_python(text: str) -> Callable[[_Command], _Command]:
    return click.option('--python', metavar='PYTHON', callback=_interpreter, help=text)


def op_libraries(command: _Command) -> _Command:
    """For commands that run models; it reaches the processes that do by their environment."""
    return click.option(
        '--op-library',
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, resolve_path=True),
        metavar='FILE',
        expose_value=False,
        callback=_op_libraries,
        help='A library (.so) with ops that a model needs and TensorFlow lacks. Can be repeated: each TensorFlow loads '
        'those that were built for it.',
    )(command)


def timeout(text: str) -> Callable[[_Command], _Command]:
    return click.option('--timeout', type=click.FloatRange(min=0, min_open=True), metavar='SECONDS', help=text)


def memory(command: _Command) -> _Command:
    kind = click.FloatRange(min=0, min_open=True)
    return click.option('--memory', type=kind, metavar='GB', help='For each process (default: its share).')(command)


def into_folder(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Checks where a file goes that is written when all else is done: that would be late to say that it can't be."""
    if value is not None:
        _require_folder(value.parent)
    return value


def into_new_folder(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """The same for a file or folder whose folders are made where they are missing."""
    if value is not None and value != Path('-'):
        folder = value if value.is_dir() else value.parent
        while folder != folder.parent and not os.path.lexists(folder):
            folder = folder.parent
        _require_folder(folder)
    return value


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise click.BadParameter(f'there is no folder {folder}')
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.BadParameter(f'the folder {folder} may not be written to')


def _op_libraries(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> None:
    if value:
        before = os.environ.get(OP_LIBRARIES, '')
        os.environ[OP_LIBRARIES] = os.pathsep.join(value)
        context.call_on_close(lambda: os.environ.update({OP_LIBRARIES: before}))


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
