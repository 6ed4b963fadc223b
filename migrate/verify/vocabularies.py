"""Finds the keys of a lookup table: constants in the graph, or the lines of a text file among the assets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from migrate.saved_model import graph as graphs
from migrate.saved_model.constants import tensor_value
from migrate.saved_model.contract import asset_names, asset_path
from migrate.saved_model.graph import Graph, Source, Use
from migrate.saved_model.schema import data_type_name

Keys = Sequence[bytes] | Sequence[int]

_FROM_FILE = ('InitializeTableFromTextFile', 'InitializeTableFromTextFileV2')
_FROM_TENSORS = ('InitializeTable', 'InitializeTableV2', 'LookupTableImport', 'LookupTableImportV2')
_WHOLE_LINE, _LINE_NUMBER = -2, -1
MAX_KEYS = 5000
_MAX_BYTES = 1 << 24


class Assets:
    """The asset files of a meta graph, by the tensors that receive their paths.

    `rows` has those of variables that deserve a look, by the names of these: the new model has other values there.
    """

    def __init__(self, directory: Path, meta_graph: Any, rows: Mapping[str, Sequence[int]] | None = None) -> None:
        self.rows = rows or {}
        self._directory = directory
        self._names = asset_names(meta_graph)

    def path(self, source: Source) -> Path | None:
        """The file that a tensor names: by the record of assets, else one of the same name among them."""
        name = self._names.get(source.tensor)
        if name is None and source.node.op == 'Const':
            value = tensor_value(source.node.attr['value'].tensor)
            if value is not None and value.dtype == object and value.size == 1:
                name = PurePosixPath(value.item().decode('utf-8', 'replace')).name
        return asset_path(self._directory, name) if name else None


def table_keys(table: Source, assets: Assets) -> Keys:
    """Up to MAX_KEYS keys of the table whose handle `table` makes; none where they can't be read."""
    for use in _uses_through_calls(table.graph, table.tensor, 0):
        if use.position != 0:
            continue
        if use.node.op in _FROM_TENSORS:
            return _constant_keys(use)
        if use.node.op in _FROM_FILE:
            return _file_keys(use, assets)
    return ()


def constant(graph: Graph, node: Any, position: int) -> Any | None:
    """The value of a node's input if it is a constant."""
    source = graphs.input_of(graph, node, position)
    if source is None or source.node.op != 'Const':
        return None
    return tensor_value(source.node.attr['value'].tensor)


def constant_or_default(graph: Graph, node: Any, position: int) -> Any | None:
    """The value of a node's input if it is a constant, or has one where it is not fed."""
    source = graphs.input_of(graph, node, position)
    if source is not None and source.node.op == 'PlaceholderWithDefault':
        return constant(source.graph, source.node, 0)
    return constant(graph, node, position)


def _uses_through_calls(graph: Graph, tensor: str, depth: int) -> Iterator[Use]:
    for node, position in graph.uses(tensor):
        use = Use(graph, node, position)
        inside = graphs.entered(use)
        if inside and depth < 20:
            yield from _uses_through_calls(*inside, depth + 1)
        elif node.op == 'Identity' and depth < 20:
            for output in graph.outputs(node):
                yield from _uses_through_calls(graph, output, depth + 1)
        else:
            yield use


def _constant_keys(use: Use) -> Keys:
    keys = constant(use.graph, use.node, 1)
    return [] if keys is None else keys.ravel()[:MAX_KEYS].tolist()


def _file_keys(use: Use, assets: Assets) -> Keys:
    source = graphs.input_of(use.graph, use.node, 1)
    file = assets.path(source) if source else None
    if file is None:
        return ()
    column = use.node.attr['key_index'].i
    with file.open('rb') as stream:
        lines = stream.read(_MAX_BYTES).splitlines()
    limit = use.node.attr['vocab_size'].i
    lines = lines[: min(MAX_KEYS, limit if limit > 0 else MAX_KEYS)]
    if column == _LINE_NUMBER:
        return list(range(len(lines)))
    if column == _WHOLE_LINE:
        return lines
    return _column(lines, column, use.node)


def _column(lines: list[bytes], column: int, node: Any) -> Keys:
    delimiter = node.attr['delimiter'].s or b'\t'
    rows = [line.split(delimiter) for line in lines]
    texts = [row[column] for row in rows if len(row) > column]
    if data_type_name(node.attr['key_dtype'].type) == 'string':
        return texts
    return [int(text) for text in texts if text.strip().lstrip(b'-').isdigit()]
