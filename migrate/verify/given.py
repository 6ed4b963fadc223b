"""Reads inputs that a person gives, and requests that a model brings along, and fits them to signatures.

A file is `.npz` (arrays by the names of inputs), `.npy` (the only input), a TFRecord file of tf.Examples, or JSON as
TensorFlow Serving's REST interface takes it (`instances`, `inputs` or `examples`; also several, in a list or by line).
"""

from __future__ import annotations

import base64
import binascii
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from migrate.saved_model.compatibility import show_shape
from migrate.saved_model.constants import tensor_value
from migrate.saved_model.contract import Shape, SignatureContract, TensorContract
from migrate.saved_model.schema import message_class, parse_binary
from migrate.verify.records import RecordError, read_records
from migrate.verify.results import InputFile
from migrate.verify.runs import Case
from migrate.verify.values import to_array
from migrate.verify.worker import RAW_TYPES, Tensor

WARMUP = 'assets.extra/tf_serving_warmup_requests'
_RECORDS = ('.tfrecord', '.tfrecords', '.tfrec', '.record', '.gz')
_DEFAULT_KEY = 'serving_default'
_WHOLE = frozenset({'bool', *(f'{sign}int{bits}' for sign in ('', 'u') for bits in (8, 16, 32, 64))})


class InputError(ValueError):
    """Inputs that can't be read, or that fit no signature."""


@dataclass(frozen=True)
class Request:
    """One set of values, as they were given."""

    name: str
    values: Mapping[str, Any]
    """Arrays or lists by the name of the input; the empty name is the only input."""
    signature: str = ''
    """The only one that it is for, if there is one."""


def read_requests(file: InputFile) -> list[Request]:
    """What a file holds; InputError where it can't be read."""
    suffix = file.path.suffix.lower()
    try:
        if suffix in ('.npz', '.npy'):
            found = [_arrays(file.path)]
        elif suffix in _RECORDS:
            found = [Request(file.path.name, {'': list(read_records(file.path))})]
        else:
            found = list(read_json(file.path.read_text(encoding='utf-8'), file.path.name))
    except OSError as error:
        raise InputError(f'{file.path}: {error.strerror or error}') from error
    except (RecordError, zipfile.BadZipFile, UnicodeDecodeError, EOFError, ValueError, TypeError) as error:
        raise InputError(f'{file.path}: {error}') from error
    return [Request(each.name, each.values, file.signature or each.signature) for each in found]


def read_warmup(model: Path) -> list[Request]:
    """The requests that a model brings along to be warmed up with; InputError where they can't be read."""
    path = model / WARMUP
    if not path.is_file():
        return []
    try:
        logs = [parse_binary('PredictionLog', record) for record in read_records(path)]
    except (OSError, ValueError) as error:
        raise InputError(f'{path}: {error}') from error
    found = []
    for number, log in enumerate(logs, 1):
        kind = log.WhichOneof('log_type')
        if kind is not None:
            request = getattr(log, kind).request
            values = _predict_values(request) if kind == 'predict_log' else {'': _examples(request.input)}
            found.append(Request(f'warmup request {number}', values, request.model_spec.signature_name or _DEFAULT_KEY))
    return found


def fitted(requests: Sequence[Request], signature: SignatureContract) -> list[Case]:
    """The cases for a signature: of the requests that are for it, or that name all that it takes."""
    cases: dict[str, Case] = {}
    for request in requests:
        if request.signature == signature.key or (not request.signature and _fits(request, signature)):
            # Files of the same name come from several folders.
            number = sum(name == request.name or name.startswith(f'{request.name} (') for name in cases) + 1
            name = f'{request.name} ({number})' if number > 1 else request.name
            cases[name] = Case(name, _tensors(request, signature))
    return list(cases.values())


def check_names(request: Request, signature: SignatureContract) -> None:
    """Raises an InputError where a request holds what the signature does not take."""
    for name in request.values.keys() - {'', *_names(signature)}:
        taken = [f'"{part}"' for tensor in signature.inputs.values() for part in tensor.names_in_a_call]
        has = f'it takes {", ".join(taken) or "none"}'
        raise InputError(f'{request.name}: signature "{signature.key}" takes no input "{name}"; {has}')


def check_shapes(case: Case, signature: SignatureContract) -> None:
    """Raises an InputError where an input has another shape than the signature states, or else than the graph takes."""
    for tensor in signature.inputs.values():
        stated = tensor.fed_shape if tensor.shape is None else tensor.shape
        for part, shape in zip(tensor.names_in_a_call, _shapes(tensor, stated), strict=True):
            given = case.tensors[part].array.shape if part in case.tensors else None
            if given is not None and shape is not None and not _has_shape(given, shape):
                raise InputError(
                    f'{case.name}, input "{part}" has the shape {list(given)}, the signature takes {show_shape(shape)}'
                )


def _shapes(tensor: TensorContract, stated: Shape) -> list[Shape]:
    """The shapes of the parts of an input. Of those of a ragged one, a signature says nothing."""
    if tensor.encoding == 'sparse':
        rank = None if stated is None else len(stated)
        return [(None, rank), (None,), (rank,)]
    return [stated] if tensor.encoding == 'dense' else [None] * len(tensor.names_in_a_call)


def _has_shape(given: tuple[int, ...], shape: tuple[int | None, ...]) -> bool:
    return len(given) == len(shape) and all(size in (None, there) for there, size in zip(given, shape, strict=True))


def _fits(request: Request, signature: SignatureContract) -> bool:
    if '' in request.values:
        return len(signature.inputs) == 1
    required = {part for each in signature.inputs.values() if not _may_lack(each) for part in each.names_in_a_call}
    return required <= request.values.keys() and bool(request.values.keys() & _names(signature))


def _may_lack(tensor: TensorContract) -> bool:
    return tensor.optional or tensor.has_default


def _names(signature: SignatureContract) -> set[str]:
    return {part for tensor in signature.inputs.values() for part in tensor.names_in_a_call}


def _tensors(request: Request, signature: SignatureContract) -> dict[str, Tensor]:
    values = dict(request.values)
    if '' in values:
        if len(signature.inputs) != 1:
            raise InputError(
                f'{request.name} holds one input, signature "{signature.key}" takes {len(signature.inputs)}'
            )
        values = {next(iter(signature.inputs)): values['']}
    tensors: dict[str, Tensor] = {}
    for tensor in signature.inputs.values():
        for part, dtype in _parts(tensor):
            if part in values:
                tensors[part] = _tensor(f'{request.name}, input "{part}"', values[part], dtype)
            elif not _may_lack(tensor):
                raise InputError(f'{request.name} lacks the input "{part}" of signature "{signature.key}"')
    return tensors


def _parts(tensor: TensorContract) -> Iterator[tuple[str, str]]:
    names = tensor.names_in_a_call
    dtypes = ('int64', tensor.dtype, 'int64') if tensor.encoding == 'sparse' else (tensor.dtype,) * len(names)
    yield from zip(names, dtypes, strict=True)


def _tensor(where: str, value: Any, dtype: str) -> Tensor:
    array = value if isinstance(value, np.ndarray) else _nested(where, value, dtype)
    if dtype == 'string':
        flat = [_bytes(where, each) for each in array.ravel().tolist()]
        return Tensor(dtype, to_array(dtype, flat, array.shape))
    if not _may_become(array, dtype):
        raise InputError(f'{where} is {array.dtype}, the signature takes {dtype}')
    if not _has_room(array, dtype):
        raise InputError(f'{where} holds {array.min()} to {array.max()}, the signature takes {dtype}')
    if dtype in RAW_TYPES:
        return Tensor(dtype, to_array(dtype, array.ravel().tolist(), array.shape))
    return Tensor(dtype, np.ascontiguousarray(array.astype(dtype)).reshape(array.shape))


def _may_become(array: Any, dtype: str) -> bool:
    kinds = 'biu' if dtype.startswith(('int', 'uint', 'bool')) else 'biufc' if dtype.startswith('complex') else 'biuf'
    return array.dtype.kind in kinds


def _has_room(array: Any, dtype: str) -> bool:
    """Whether a dtype of whole numbers holds all of the array's: numpy would fold the others into it."""
    if dtype not in _WHOLE or not array.size:
        return True
    low, high = (0, 1) if dtype == 'bool' else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    return bool(low <= array.min() and array.max() <= high)


def _nested(where: str, value: Any, dtype: str) -> Any:
    """A list of lists as an array, strings as an array of objects: numpy would cut their NULs off."""
    shape, flat = _flat(where, value)
    if dtype == 'string' or not flat:
        return to_array('string', flat, shape)
    if not all(isinstance(each, bool | int | float) for each in flat):
        raise InputError(f'{where} holds values that are no numbers, the signature takes {dtype}')
    whole = not dtype.startswith(('float', 'bfloat', 'complex'))
    if whole and any(isinstance(each, float) and not each.is_integer() for each in flat):
        raise InputError(f'{where} holds fractions, the signature takes {dtype}')
    return np.array([int(each) for each in flat] if whole else flat).reshape(shape)


def _flat(where: str, value: Any) -> tuple[tuple[int, ...], list[Any]]:
    if not isinstance(value, list):
        return (), [value]
    parts = [_flat(where, each) for each in value]
    shapes = {shape for shape, _ in parts}
    if len(shapes) > 1:
        raise InputError(f'{where}: its rows have several shapes')
    return (len(value), *(shapes.pop() if shapes else ())), [each for _, flat in parts for each in flat]


def _bytes(where: str, value: Any) -> bytes:
    if isinstance(value, dict) and set(value) == {'b64'}:
        try:
            return base64.b64decode(value['b64'], validate=True)
        except (TypeError, binascii.Error) as error:
            raise InputError(f'{where}: its b64 is no base64') from error
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode('utf-8')
    raise InputError(f'{where} holds {value!r}, the signature takes strings')


def _arrays(path: Path) -> Request:
    loaded = np.load(path, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return Request(path.name, {'': loaded})
    with loaded:
        return Request(path.name, {name: loaded[name] for name in loaded.files})


def read_json(text: str, called: str) -> Iterator[Request]:
    """The requests in JSON; ValueError where they are none. `called` is what they are named by."""
    try:
        document = json.loads(text)
    except ValueError:
        document = [json.loads(line) for line in text.splitlines() if line.strip()]
    documents = document if isinstance(document, list) else [document]
    for number, each in enumerate(documents, 1):
        name = called if len(documents) == 1 else f'{called} {number}'
        yield Request(name, _json_values(each), str(each.get('signature_name', '')))


def _json_values(document: Any) -> dict[str, Any]:
    """Of a request to predict, by rows or by columns, or of one to classify or regress."""
    kinds = [kind for kind in ('instances', 'inputs', 'examples') if isinstance(document, dict) and kind in document]
    if len(kinds) != 1:
        raise InputError('a request is an object with one of "instances", "inputs" and "examples"')
    content = document[kinds[0]]
    if kinds == ['examples']:
        context = document.get('context', {})
        return {'': [_example({**context, **example}) for example in content]}
    if kinds == ['inputs']:
        return dict(content) if isinstance(content, dict) and set(content) != {'b64'} else {'': content}
    rows = content
    if rows and all(isinstance(row, dict) and set(row) != {'b64'} for row in rows):
        if len({tuple(sorted(row)) for row in rows}) > 1:
            raise InputError('its instances do not all have the same names')
        return {name: [row[name] for row in rows] for name in rows[0]}
    return {'': rows}


def _example(features: dict[str, Any]) -> bytes:
    """A tf.Example from JSON: whole numbers, other numbers or strings, one or a list of them."""
    message = message_class('Example')()
    for name, value in features.items():
        values = value if isinstance(value, list) else [value]
        feature = message.features.feature[name]
        if all(isinstance(each, int) for each in values):
            feature.int64_list.value.extend(values)
        elif all(isinstance(each, int | float) for each in values):
            feature.float_list.value.extend(values)
        else:
            feature.bytes_list.value.extend(_bytes(f'feature "{name}"', each) for each in values)
    return bytes(message.SerializeToString(deterministic=True))


def _predict_values(request: Any) -> dict[str, Any]:
    values = {}
    for name, tensor in request.inputs.items():
        value = tensor_value(tensor)
        if value is None:
            raise InputError(f'the warmup request holds a dtype for "{name}" that is not read here')
        values[name] = value
    return values


def _examples(content: Any) -> list[bytes]:
    if content.WhichOneof('kind') == 'example_list':
        return [bytes(each.SerializeToString(deterministic=True)) for each in content.example_list.examples]
    found = []
    for each in content.example_list_with_context.examples:
        merged = message_class('Example')()
        merged.CopyFrom(content.example_list_with_context.context)
        merged.MergeFrom(each)
        found.append(bytes(merged.SerializeToString(deterministic=True)))
    return found
