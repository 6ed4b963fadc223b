"""Options that say on what, and how strictly, a pair of models is compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from migrate.commands import options

_Command = TypeVar('_Command', bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def comparison(command: _Command) -> _Command:
    """Adds all of them.

    The command gets `inputs`, `replay`, `save`, `atol`, `rtol`, `seed`, `tags` and `both_loaders`.
    """
    given = click.option(
        '--inputs',
        multiple=True,
        metavar='[SIGNATURE=]FILE',
        callback=_inputs,
        help='Inputs to run on: .npz, .npy, a TFRecord file of tf.Examples, or JSON as the REST interface of '
        'TensorFlow Serving takes it. Can be repeated.',
    )
    replay = click.option('--replay', type=_FILE, help='Run on the inputs that --save stored.')
    save = click.option(
        '--save',
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_save,
        help='Store the result and the inputs in this file. One that --save wrote before is replaced.',
    )
    for option in (replay, save, _tolerance('rtol', 'relative to its value'), _tolerance('atol', 'at most'), given):
        command = option(command)
    both = click.option(
        '--both-loaders',
        is_flag=True,
        help='Load NEW in a session, as servers do, and with tf.saved_model.load, also if TensorFlow 1 code wrote it. '
        'What TensorFlow 2 code wrote is always loaded in both ways.',
    )
    command = both(command)
    command = click.option(
        '--tags',
        metavar='TAG,…',
        callback=_tags,
        help='Only this tag set of both, as `serve` or `serve,gpu` (default: the one that is served).',
    )(command)
    seed = click.option('--seed', type=int, default=0, show_default=True, help='Of the inputs that are made up.')
    return seed(command)


def tolerances(atol: dict[str, float], rtol: dict[str, float]) -> tuple[Any, ...]:
    """What both options say of each output."""
    from migrate.verify import OutputTolerance

    return tuple(OutputTolerance(name, atol.get(name, 0.0), rtol.get(name, 0.0)) for name in sorted({*atol, *rtol}))


def _tolerance(name: str, text: str) -> Callable[[_Command], _Command]:
    return click.option(
        f'--{name}',
        multiple=True,
        metavar='[OUTPUT=]VALUE',
        callback=_numbers,
        help=f'How much an output may differ, {text}; instead of the tolerance of its dtype. Can be repeated.',
    )


def _save(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.exists():
        from migrate.verify.replay import is_stored

        if not is_stored(value):
            raise click.BadParameter(f'{value} is there already, and --save did not write it. Name another file.')
    return options.into_folder(context, parameter, value)


def _tags(context: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[str] | None:
    return frozenset(filter(None, value.split(','))) or None if value else None


def _numbers(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for item in value:
        name, _, number = item.rpartition('=')
        try:
            found[name] = float(number)
        except ValueError:
            raise click.BadParameter(f'"{number}" is no number') from None
        if not 0 <= found[name] < float('inf'):
            raise click.BadParameter(f'{number} is no tolerance: it must be zero or more')
    return found


def _inputs(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[Any, ...]:
    if not value:
        return ()
    from migrate.verify import InputFile

    found = []
    for item in value:
        key, _, path = item.rpartition('=') if not Path(item).is_file() else ('', '', item)
        if not Path(path).is_file():
            raise click.BadParameter(f'there is no file {path}')
        found.append(InputFile(Path(path), key))
    return tuple(found)
