"""Reads inputs as they are typed on a command line: files, JSON, or either for one input after `NAME=`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrate.verify.given import InputError, Request, read_json, read_requests
from migrate.verify.results import InputFile


def typed_requests(items: Sequence[str]) -> list[Request]:
    """Each file or JSON document holds requests of its own; what is given by the names of inputs is one together."""
    requests: list[Request] = []
    by_name: dict[str, Any] = {}
    for item in items:
        name, equals, value = item.partition('=')
        if Path(item).is_file():
            requests += read_requests(InputFile(Path(item)))
        elif item.lstrip().startswith(('{', '[')):
            requests += _json(item)
        elif equals and name not in by_name:
            by_name[name] = _value(name, value)
        elif equals:
            raise InputError(f'the input {name} is given twice')
        else:
            raise InputError(f'there is no file {item}, and it is neither JSON nor NAME=FILE or NAME=JSON')
    return [*requests, Request('the inputs by name', by_name)] if by_name else requests


def _json(text: str) -> list[Request]:
    try:
        return list(read_json(text, 'the JSON'))
    except (ValueError, TypeError) as error:
        raise InputError(f'the JSON {_start(text)}: {error}') from error


def _value(name: str, text: str) -> Any:
    if Path(text).is_file():
        found = read_requests(InputFile(Path(text)))
        if len(found) != 1 or len(found[0].values) != 1:
            raise InputError(f'{text} holds more than one value for the input {name}')
        return next(iter(found[0].values.values()))
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f'the input {name}: {_start(text)} is neither a file nor JSON') from error


def _start(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + '…'
