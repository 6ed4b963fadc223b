"""Reads the saved_model.pb (or .pbtxt) of a SavedModel directory, and says clearly why where it can't."""

from __future__ import annotations

import shlex
from itertools import islice
from pathlib import Path
from typing import Any

from migrate.saved_model import schema

BINARY = 'saved_model.pb'
TEXT = 'saved_model.pbtxt'
_MOST_BYTES = 2**31 - 1
_CHUNKED = 'saved_model.cpb'
_COPY_OR_EXPORT = 'Copy the model again from where it is whole, or export it anew.'
# Not all of a folder with a million files.
_MOST_CHILDREN = 1000


class ModelError(Exception):
    """A directory that can't be read as a SavedModel."""

    def __init__(self, message: str, advice: str = '') -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


def read_saved_model(directory: Path) -> Any:
    """The `SavedModel` message of a directory; ModelError where there is none.

    With both files present the binary one counts, as in TensorFlow's loaders.
    """
    try:
        _require_directory(directory)
        file = next((directory / name for name in (BINARY, TEXT) if (directory / name).exists()), None)
    except OSError as error:
        raise ModelError(f'{directory} cannot be read: {error.strerror or error}', 'Check its permissions.') from error
    if file is None:
        raise ModelError(f'{directory} holds no {BINARY}', _advice_on_missing_file(directory))
    model = _parse(file)
    if not model.meta_graphs:
        raise ModelError(f'{file} holds no meta graph', _COPY_OR_EXPORT)
    return model


def _require_directory(directory: Path) -> None:
    if directory.is_file():
        raise ModelError(f'{directory} is a file', f'Name the directory that holds {BINARY}.')
    if not directory.is_dir():
        raise ModelError(f'there is no directory {directory}', f'Name the directory that holds {BINARY}.')


def _parse(file: Path) -> Any:
    try:
        size = file.stat().st_size
        if file.name == BINARY and size > _MOST_BYTES:
            message = f'{file} has {size / 2**30:.1f} GB, and a protobuf message at most 2: no TensorFlow reads it'
            raise ModelError(message, 'Export the model with its large constants as variables.')
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f'{file} cannot be read: {error.strerror or error}', 'Check its permissions.') from error
    try:
        if file.name == TEXT:
            return schema.parse_text('SavedModel', data.decode('utf-8'))
        return schema.parse_binary('SavedModel', data)
    except ValueError as error:
        raise ModelError(f'{file} is damaged: {error}', _COPY_OR_EXPORT) from error


def _advice_on_missing_file(directory: Path) -> str:
    if (directory / _CHUNKED).exists():
        return f'{_CHUNKED} is a model in chunks, which is not read here: save it again as one file.'
    try:
        versions = sorted(child.name for child in islice(directory.iterdir(), _MOST_CHILDREN) if is_model(child))
    except OSError:
        versions = []
    if not versions:
        return f'Name the directory that holds {BINARY}.'
    newest = max(versions, key=lambda name: (name.isdigit(), int(name) if name.isdigit() else 0, name))
    example = shlex.quote(str(directory / newest))
    return f'It contains {len(versions)} SavedModel(s): {", ".join(versions)}. Name one, as {example}.'


def is_model(directory: Path) -> bool:
    return (directory / BINARY).is_file() or (directory / TEXT).is_file()
