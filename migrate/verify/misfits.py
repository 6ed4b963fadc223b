"""What TensorFlow says of tf.Examples whose features are of other types than the model's parser takes.

JSON has one kind of number: who writes 31 for an age that is a float32 gets an example with an int64 in it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from migrate.saved_model.schema import parse_binary
from migrate.verify.worker import Tensor

_OTHER_TYPE = re.compile(
    r"Key: (?P<key>.+?)(?:, Index: \d+)?\. +Data types don't match\. "
    r'Data type: (?P<given>\w+) but expected type: (?P<taken>\w+)'
)


def misfit(error: str, inputs: Mapping[str, Tensor]) -> str:
    """Which feature an error is about, and how to write it; empty if it is no such error."""
    found = _OTHER_TYPE.search(error)
    if not found:
        return ''
    key, given, taken = found['key'], found['given'], found['taken']
    whole = next(_whole_numbers(key, inputs), None) if (given, taken) == ('int64', 'float') else None
    hint = '' if whole is None else f': write {whole}.0 for {whole}'
    return f'the feature "{key}" is {given}, the model takes {taken}{hint}'


def _whole_numbers(key: str, inputs: Mapping[str, Tensor]) -> Iterator[Any]:
    for tensor in inputs.values():
        for data in tensor.array.ravel() if tensor.dtype == 'string' else ():
            with contextlib.suppress(ValueError):  # it may be an input of another kind
                yield from parse_binary('Example', data).features.feature[key].int64_list.value
