"""Results as JSON and back: any of the frozen dataclasses that cross the rooms' doors."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import cattrs

T = TypeVar('T')

_CONVERTER = cattrs.Converter()


class StorageError(ValueError):
    """Stored text that is not what it should be: cut short, or written by another version."""


def dump(value: Any) -> str:
    """Returns `value` as indented JSON text."""
    return json.dumps(_CONVERTER.unstructure(value), indent=2) + '\n'


def load(cls: type[T], text: str) -> T:
    """Returns the `cls` that `dump` made `text` from."""
    try:
        return _CONVERTER.structure(json.loads(text), cls)
    except (ValueError, cattrs.BaseValidationError, TypeError, KeyError) as error:
        raise StorageError(f'not a stored {cls.__name__}: {error}') from error
