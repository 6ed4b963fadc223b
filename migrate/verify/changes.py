"""Finds variables of the old model whose values the new one does not have, and which outputs they are behind.

Outputs that agree while such a variable is behind them prove only that the inputs did not show it. Variables are paired
by their names, dtypes and shapes, those in parts also with one that is whole. What differs by rounding alone is no
cause to doubt an output, and neither is a variable whose values the new model has under another name: code that was
rewritten may call it so. But it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from migrate.saved_model.contract import Contract
from migrate.saved_model.graph import Graph
from migrate.saved_model.variables import Variable, read_value
from migrate.verify.comparison import TOLERANCES, compare
from migrate.verify.dependence import nodes_behind
from migrate.verify.results import Verdict
from migrate.verify.worker import Tensor

_VARIABLES = ('Variable', 'VariableV2', 'VarHandleOp')
_MOST_COMPARED = 50
_MOST_ROWS = 20
_AT_A_TIME = 1 << 22


@dataclass(frozen=True)
class Change:
    """A variable with other values than it had."""

    name: str
    message: str
    """For a person: how many elements, and where they differ."""
    excuse: str = ''
    """Why it is no cause to doubt an output, if so."""
    rows: tuple[int, ...] = ()
    """The first rows of it in which something differs."""


class _Piece(NamedTuple):
    """A variable, or a part of one, in one of the models."""

    directory: Path
    variable: Variable
    start: tuple[int, ...] = ()
    """Where it begins in the variable, if only a part of that is meant."""
    shape: tuple[int | None, ...] | None = None

    @property
    def kind(self) -> tuple[object, ...]:
        return self.variable.dtype, self.shape or self.variable.shape

    @property
    def content(self) -> tuple[object, ...]:
        """What says of two of the same content that it is the same."""
        return (*self.kind, self.variable.checksum, self.start)

    def value(self) -> Any | None:
        value = read_value(self.directory, self.variable)
        if value is None or not self.start:
            return value
        return value[tuple(slice(at, at + (size or 0)) for at, size in zip(self.start, self.shape or (), strict=True))]


def changed_variables(old: Path, old_contract: Contract, new: Path, new_contract: Contract) -> dict[str, Change]:
    """The changed variables of a pair of models, by name."""
    names = {piece.content: name for name, piece in _pieces(new, new_contract.variables)}
    found: dict[str, Change] = {}
    for name, was, now in _pairs(old, old_contract.variables, new, new_contract.variables):
        if was.content == now.content or name in found or len(found) >= _MOST_COMPARED:
            continue
        difference = _difference(was, now)
        if difference is not None:
            elsewhere = names.get(was.content)
            excuse = f'"{elsewhere}" of the new model has those that it had' if elsewhere else difference.excuse
            message = f'variable "{name}" has other values in the new model{difference.message}'
            found[name] = Change(name, message, excuse, difference.rows)
    return found


def _pieces(directory: Path, variables: Mapping[str, Variable]) -> Iterator[tuple[str, _Piece]]:
    for variable in variables.values():
        parts = [part.variable for part in variable.parts]
        yield from ((each.name, _Piece(directory, each)) for each in (parts or [variable]))


def _pairs(
    old: Path, old_variables: Mapping[str, Variable], new: Path, new_variables: Mapping[str, Variable]
) -> Iterator[tuple[str, _Piece, _Piece]]:
    """What stands for each other in both models, by the name of the smaller one of both."""
    old_pieces, new_pieces = dict(_pieces(old, old_variables)), dict(_pieces(new, new_variables))
    for name, piece in old_pieces.items():
        if name in new_pieces and piece.kind == new_pieces[name].kind:
            yield name, piece, new_pieces[name]
    for name, variable in old_variables.items():
        other = new_variables.get(name)
        if other is None or (variable.dtype, variable.shape) != (other.dtype, other.shape):
            continue
        if variable.parts and not other.parts:
            for part in variable.parts:
                now = _Piece(new, other, part.start, part.variable.shape)
                yield part.variable.name, _Piece(old, part.variable), now
        elif other.parts and not variable.parts:
            for part in other.parts:
                was = _Piece(old, variable, part.start, part.variable.shape)
                yield name, was, _Piece(new, part.variable)


def changes_behind(graph: Graph, tensors: Iterable[str], changes: Mapping[str, Change]) -> tuple[Change, ...]:
    """Those of the changed variables that the tensors are computed from."""
    if not changes:
        return ()
    names = {
        node.attr['shared_name'].s.decode('utf-8', 'replace') or node.name
        for node in nodes_behind(graph, tensors)
        if node.op in _VARIABLES
    }
    return tuple(change for name, change in changes.items() if name in names)


class _Difference(NamedTuple):
    message: str
    excuse: str = ''
    rows: tuple[int, ...] = ()


def _difference(was_piece: _Piece, now_piece: _Piece) -> _Difference | None:
    """How two variables differ; None if they don't."""
    old, new, dtype = was_piece.value(), now_piece.value(), was_piece.variable.dtype
    if old is None or new is None:
        unknown = 'by how much is not known' if dtype in TOLERANCES else ''
        return _Difference(': its checksum is another', unknown)
    offset = was_piece.start or (0,) * old.ndim
    count, first, rows, worst = 0, 0, [], ''
    row_size = max(1, old.size // max(1, len(old))) if old.ndim else 1
    flat = old.reshape(-1), new.reshape(-1)
    for start in range(0, old.size, _AT_A_TIME):
        # Copies, as it is mapped from a file: not all of a large one at a time.
        was, now = (np.array(each[start : start + _AT_A_TIME]) for each in flat)
        places = start + np.flatnonzero(_differ(was, now))
        if not places.size:
            continue
        first = first if count else int(places[0])
        count += int(places.size)
        rows += [int(row) for row in np.unique(places // row_size)[:_MOST_ROWS]]
        comparison = compare(Tensor(dtype, was), Tensor(dtype, now))
        if not worst and comparison.verdict is Verdict.DIFFERENT:
            worst = f'{comparison.old} is {comparison.new}{_at(start + comparison.index[0], old.shape, offset)}'
    if not count:
        return None
    number = f'{count} of {old.size} element{"" if old.size == 1 else "s"}'
    of_several = f'{number}, the first{_at(first, old.shape, offset)}'
    message = worst if not old.ndim else '; '.join(filter(None, [number if count == 1 else of_several, worst]))
    first_rows = sorted({row + sum(offset[:1]) for row in rows})[:_MOST_ROWS]
    return _Difference(f': {message}' if message else '', '' if worst else 'within tolerance', tuple(first_rows))


def _differ(was: Any, now: Any) -> Any:
    differ = was != now
    return differ & ~((was != was) & (now != now)) if was.dtype.kind in 'fc' else differ


def _at(place: int, shape: tuple[int, ...], offset: tuple[int, ...]) -> str:
    index = [int(each) + start for each, start in zip(np.unravel_index(place, shape), offset, strict=True)]
    return f' at {index}' if index else ''
