"""Finds variables of the old model whose values the new one does not have, and which outputs they are behind.

Outputs that agree while such a variable is behind them prove only that the inputs did not show it. A variable counts as
changed if the new model has one of its name, dtype and shape with other values, and none with its values at all: code
that was rewritten may call the same variable by another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from migrate.saved_model.contract import Contract
from migrate.saved_model.graph import Graph
from migrate.saved_model.variables import Variable, read_value
from migrate.verify.comparison import Comparison, compare
from migrate.verify.dependence import nodes_behind
from migrate.verify.results import Verdict
from migrate.verify.worker import Tensor

_VARIABLES = ('Variable', 'VariableV2', 'VarHandleOp')
_MOST_COMPARED = 50


@dataclass(frozen=True)
class Change:
    """A variable with other values than it had."""

    name: str
    message: str
    """For a person: how many elements, and where they differ most."""


def changed_variables(old: Path, old_contract: Contract, new: Path, new_contract: Contract) -> dict[str, Change]:
    """The changed variables of a pair of models, by name."""
    checksums = {_content(each) for each in new_contract.variables.values()}
    found: dict[str, Change] = {}
    for name, variable in old_contract.variables.items():
        other = new_contract.variables.get(name)
        if other is None or (variable.dtype, variable.shape) != (other.dtype, other.shape):
            continue
        if _content(variable) in checksums or len(found) >= _MOST_COMPARED:
            continue
        comparison = _compare(old, variable, new, other)
        if comparison is not None and comparison.verdict is Verdict.DIFFERENT:
            place = f' at {list(comparison.index)}' if comparison.index else ''
            values = f'{comparison.old} is {comparison.new}{place}'
            found[name] = Change(name, f'variable "{name}" has other values in the new model: {values}')
    return found


def changes_behind(graph: Graph, tensors: Iterable[str], changes: dict[str, Change]) -> tuple[Change, ...]:
    """Those of the changed variables that the tensors are computed from."""
    if not changes:
        return ()
    names = {
        node.attr['shared_name'].s.decode('utf-8', 'replace') or node.name
        for node in nodes_behind(graph, tensors)
        if node.op in _VARIABLES
    }
    return tuple(change for name, change in changes.items() if name in names)


def _content(variable: Variable) -> tuple[object, ...]:
    return variable.dtype, variable.shape, variable.checksum


def _compare(old: Path, variable: Variable, new: Path, other: Variable) -> Comparison | None:
    values = read_value(old, variable), read_value(new, other)
    if values[0] is None or values[1] is None:
        return None
    return compare(Tensor(variable.dtype, values[0]), Tensor(variable.dtype, values[1]))
