"""Reads without TensorFlow which variables a SavedModel holds: names, dtypes, shapes, checksums, values.

The index of a checkpoint is a table of messages. What TensorFlow 2 saved goes by paths of attributes in it: the object
graph beside them tells the variables' own names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from migrate.saved_model import schema, slices
from migrate.saved_model.operations import all_nodes
from migrate.saved_model.reading import ModelError
from migrate.saved_model.schema import tensor_shape
from migrate.saved_model.tables import read_table, varint

PREFIX = 'variables/variables'
_OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH'
_HEADER = b''
_ATTRIBUTE = '/.ATTRIBUTES/'
_MOST_SHARDS = 10_000
VARIABLES = ('VariableV2', 'Variable', 'VarHandleOp')
RESTORE = ('RestoreV2', 'Restore')  # of a Saver: without one, an init op of the model's own gives all values
COPY_IT = 'Copy the whole directory of the model again: saved_model.pb holds the graph without its values.'
_VALUES = (
    *('float16', 'bfloat16', 'float32', 'float64', 'complex64', 'complex128', 'bool'),
    *('int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'),
)


@dataclass(frozen=True)
class Variable:
    """One tensor of a checkpoint."""

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None
    checksum: int
    """Of its bytes: two variables with other checksums have other values."""
    shard: str
    """The end of the name of the file that its bytes stand in."""
    offset: int
    size: int
    parts: tuple[Part, ...] = ()
    """Where its values stand, if it was saved in several parts; then it has no bytes itself."""


@dataclass(frozen=True)
class Part:
    """One part of a variable, and where in it that begins."""

    start: tuple[int, ...]
    variable: Variable


class MissingValues(ModelError):
    """A file in which values of variables stand is not there, or not whole: no TensorFlow loads the model."""

    def __init__(self, why: str) -> None:
        super().__init__(f'values of variables are missing: {why}', COPY_IT)


def require_variables(directory: Path, model: Any) -> None:
    """Raises MissingValues if the graphs restore variables and there is nothing to restore."""
    index = directory / f'{PREFIX}.index'
    # TensorFlow before 1.0 wrote one file without an index.
    if index.exists() or (directory / PREFIX).exists():
        return
    for meta_graph in model.meta_graphs:
        ops = {node.op for node in all_nodes(meta_graph)}
        if ops.intersection(VARIABLES) and ops.intersection(RESTORE):
            raise MissingValues(f'there is no {index}')


def read_variables(directory: Path) -> dict[str, Variable]:
    """The variables of a SavedModel, by name; none if it has none. ModelError if the index is damaged."""
    index = directory / f'{PREFIX}.index'
    try:
        data = index.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ModelError(f'{index} cannot be read: {error.strerror or error}', 'Check its permissions.') from error
    try:
        entries = dict(read_table(data))
        header = schema.parse_binary('BundleHeaderProto', entries.pop(_HEADER, b''))
        whole = {key.decode('utf-8'): value for key, value in entries.items() if not key.startswith(slices.MARK)}
        parts = {key: value for key, value in entries.items() if key.startswith(slices.MARK)}
        read = _with_parts(
            {key: _variable(key, value, header.num_shards) for key, value in whole.items()},
            [(slices.read_key(key), _variable('', value, header.num_shards)) for key, value in parts.items()],
        )
        names = _own_names(directory, read.pop(_OBJECT_GRAPH, None))
    except (ValueError, IndexError) as error:
        raise ModelError(f'{index} is damaged: {error}', COPY_IT) from error
    _require_shards(directory, header.num_shards, read.values())
    found = (
        replace(each, name=names.get(key, key.split(_ATTRIBUTE)[0]))
        for key, each in read.items()
        if _ATTRIBUTE not in key or key.endswith('VARIABLE_VALUE')
    )
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def _with_parts(read: dict[str, Variable], parts: list[tuple[slices.Place, Variable]]) -> dict[str, Variable]:
    """Parts are called as TensorFlow 1 calls them: `name/part_0` is the first one."""
    found: dict[str, list[Part]] = {}
    for place, variable in sorted(parts, key=lambda each: each[0]):
        of_whole = found.setdefault(place.name, [])
        of_whole.append(Part(place.start, replace(variable, name=f'{place.name}/part_{len(of_whole)}')))
    return {key: replace(each, parts=tuple(found.get(key, ()))) for key, each in read.items()}


def _require_shards(directory: Path, count: int, variables: Iterable[Variable]) -> None:
    ends: dict[str, int] = {}
    for whole in variables:
        for each in (whole, *(part.variable for part in whole.parts)):
            ends[each.shard] = max(ends.get(each.shard, 0), each.offset + each.size)
    for number in range(min(count, _MOST_SHARDS)):
        shard = directory / f'{PREFIX}{_shard(number, count)}'
        if not shard.is_file():
            raise MissingValues(f'there is no {shard}')
        size, end = shard.stat().st_size, ends.get(_shard(number, count), 0)
        if size < end:
            raise MissingValues(f'{shard} is cut short, it has {size} bytes of {end}')


def read_value(directory: Path, variable: Variable) -> Any | None:
    """The value of a variable, mapped from its file; None where it is cut short or of a dtype that is not read here.

    bfloat16 comes as the bits of it.
    """
    shape = tuple(size for size in variable.shape or () if size is not None)
    if variable.dtype not in _VALUES or shape != variable.shape:
        return None
    import numpy as np  # takes longer than reading all names

    dtype = np.dtype('uint16' if variable.dtype == 'bfloat16' else variable.dtype)
    if not variable.size:
        return np.zeros(shape, dtype) if 0 in shape else None
    path = directory / f'{PREFIX}{variable.shard}'
    try:
        return np.memmap(path, dtype, 'r', variable.offset, shape)
    except (OSError, ValueError, OverflowError):
        return None


def _variable(key: str, value: bytes, shards: int) -> Variable:
    entry = schema.parse_binary('BundleEntryProto', value)
    dtype = schema.data_type_name(entry.dtype)
    shard = _shard(entry.shard_id, shards)
    return Variable(key, dtype, tensor_shape(entry.shape), entry.crc32c, shard, entry.offset, entry.size)


def _shard(number: int, count: int) -> str:
    return f'.data-{number:05}-of-{count:05}'


def _own_names(directory: Path, graph: Variable | None) -> dict[str, str]:
    """The names that variables have in their program, by the keys of the checkpoint."""
    if graph is None:
        return {}
    data = _bytes(directory, graph)
    length, start = varint(data, 0)
    # After the lengths of all strings (here one) comes a checksum of them.
    try:
        message = schema.parse_binary('TrackableObjectGraph', data[start + 4 : start + 4 + length])
    except ValueError:
        return {}
    attributes = [attribute for node in message.nodes for attribute in node.attributes if attribute.full_name]
    # Several may have the same name, which then says nothing.
    counts = Counter(attribute.full_name for attribute in attributes)
    return {each.checkpoint_key: each.full_name for each in attributes if counts[each.full_name] == 1}


def _bytes(directory: Path, variable: Variable) -> bytes:
    path = directory / f'{PREFIX}{variable.shard}'
    try:
        with path.open('rb') as file:
            file.seek(variable.offset)
            return file.read(variable.size)
    except OSError:
        return b''
