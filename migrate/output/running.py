"""Runs `run`: one signature on given inputs; shows what it returns, or stores it as .npy files."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import numpy as np

from migrate.files import is_inside, write_atomically
from migrate.output import exits, proofs
from migrate.output.runs import has_tensorflow, no_tensorflow, telling
from migrate.report.text import visible
from migrate.saved_model.reading import ModelError
from migrate.verify import most_memory
from migrate.verify.comparison import real_numbers
from migrate.verify.given import InputError
from migrate.verify.single import Answer, How, cases_for, choose, run_signature
from migrate.verify.typed import typed_requests
from migrate.verify.worker import Tensor

_INDENT = '    '


def run_run(
    model: Path,
    key: str,
    *,
    inputs: Sequence[str],
    tags: str | None,
    output_dir: Path | None,
    overwrite: bool,
    style: str,
    timeout: float | None,
    memory: float | None,
    **options: Any,
) -> int:
    """`run`."""
    allowed = int(memory * 1e9) if memory else most_memory()
    try:
        chosen = choose(model, key, frozenset(tags.split(',')) if tags else None)
        cases = cases_for(chosen, typed_requests(inputs), options['seed'])
    except ModelError as error:
        exits.show_error(f'{error.message}. {error.advice}'.strip())
        return exits.FAILED
    except InputError as error:
        raise exits.Failure(str(error)) from error
    if output_dir and is_inside(output_dir, model):
        raise exits.Failure(f'{output_dir} is in {model}, which is never written to. Name a folder beside it.')
    folders = _folders(output_dir, len(cases)) if output_dir else []
    if not overwrite:
        _refuse_to_overwrite([_file(folder, name) for folder in folders for name in chosen.outputs])
    with telling() as say:
        how = How(timeout=timeout or 300, memory=allowed, progress=say, **options)
        answers = run_signature(chosen, cases, how)
    errors = [f'{answer.request}: {answer.error}' for answer in answers if answer.error]
    not_stored = [error for each in zip(folders, answers, strict=False) for error in _store(*each)]
    errors += not_stored
    if style == 'json':
        proofs.show_json('answers', tuple(map(_content, answers)))
    elif not_stored or not folders:
        for line in _lines([answer for answer in answers if not answer.error], is_made_up=not inputs):
            click.echo(visible(line).rstrip())
    for message in dict.fromkeys(errors):
        exits.show_error(message)
    if errors and not options['python'] and not has_tensorflow():
        click.echo(no_tensorflow('--python'), err=True)
    return _exit_code(answers, not_stored)


def _exit_code(answers: Sequence[Answer], not_stored: Sequence[str]) -> int:
    codes = [exits.USAGE if answer.is_misfit else exits.FAILED for answer in answers if answer.error]
    return exits.worst(*codes, *(exits.FAILED for _ in not_stored))


def _folders(output_dir: Path, count: int) -> list[Path]:
    """One for each request; a folder of its own for each where there are several."""
    return [output_dir / str(number) for number in range(1, count + 1)] if count > 1 else [output_dir]


def _file(folder: Path, name: str) -> Path:
    """Where an output is stored: its name is the model's, so that nothing in it may lead to another folder."""
    return folder / f'{quote(name, safe=" ")}.npy'


def _refuse_to_overwrite(files: Sequence[Path]) -> None:
    there = [file for file in files if os.path.lexists(file)]
    if there:
        raise exits.Failure(f'{there[0]} is there already; --overwrite replaces it.')


def _store(folder: Path, answer: Answer) -> Iterator[str]:
    """Writes a file for each output, and says each; yields why one could not be written."""
    for name, tensor in sorted(answer.outputs.items()):
        try:
            array = _without_objects(tensor)
        except ValueError as error:
            yield f'{answer.request}: output "{name}" {error}'
            continue
        content = io.BytesIO()
        np.save(content, array, allow_pickle=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(_file(folder, name), content.getvalue())
        except OSError as error:
            yield f'{answer.request}: output "{name}" is not stored: {exits.message_of(error)}'
            continue
        click.echo(visible(f'{_file(folder, name)}  {_kind(tensor)}'))


def _without_objects(tensor: Tensor) -> Any:
    """What numpy stores without pickle: strings of a fixed length, bfloat16 as the float32 that it is the head of."""
    if tensor.dtype == 'bfloat16':
        return real_numbers(tensor).astype(np.float32)
    if tensor.dtype != 'string':
        return tensor.array
    if any(value.endswith(b'\0') for value in tensor.array.ravel()):
        raise ValueError('has strings that end with NUL, which .npy loses: take --format json')
    return tensor.array.astype(bytes)


def _lines(answers: Sequence[Answer], is_made_up: bool) -> Iterator[str]:
    for answer in answers:
        if is_made_up:
            yield 'made-up inputs'
            yield from _tensor_lines(answer.inputs)
            yield 'outputs'
        elif len(answers) > 1:
            yield answer.request
        yield from _tensor_lines(answer.outputs)


def _tensor_lines(tensors: Mapping[str, Tensor]) -> Iterator[str]:
    for name, tensor in sorted(tensors.items()):
        yield f'{name}  {_kind(tensor)}'
        yield from (f'{_INDENT}{line}' for line in np.array2string(_shown(tensor)).splitlines())


def _kind(tensor: Tensor) -> str:
    return f'{tensor.dtype} {list(tensor.array.shape)}'


def _shown(tensor: Tensor) -> Any:
    if tensor.dtype != 'string':
        return real_numbers(tensor) if tensor.dtype == 'bfloat16' else tensor.array
    shown = np.empty(tensor.array.shape, dtype=object)
    for index, value in np.ndenumerate(tensor.array):
        shown[index] = value.decode('utf-8', 'backslashreplace')
    return shown


def _content(answer: Answer) -> dict[str, Any]:
    outputs = {
        name: {'dtype': tensor.dtype, 'shape': tensor.array.shape, 'values': _values(tensor)}
        for name, tensor in sorted(answer.outputs.items())
    }
    return {'request': answer.request, 'error': answer.error, 'outputs': outputs}


def _values(tensor: Tensor) -> Any:
    """Nested lists; strings that are no UTF-8 as TensorFlow Serving writes them."""
    if tensor.dtype.startswith('complex'):
        return _nested(real_numbers(tensor).tolist())
    return _nested((real_numbers(tensor) if tensor.dtype == 'bfloat16' else tensor.array).tolist())


def _nested(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_nested, value))
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return {'b64': base64.b64encode(value).decode()}
    return value
