"""Finds variables of the old model whose values the new one does not have, and which outputs they are behind.

Outputs that agree while such a variable is behind them prove only that the inputs did not show it. A variable counts as
changed if the new model has one of its name, dtype and shape with other values, and none with its values at all: code
that was rewritten may call the same variable by another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
_AT_A_TIME = 1 << 22


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
        difference = _difference(read_value(old, variable), read_value(new, other), variable.dtype)
        if difference:
            found[name] = Change(name, f'variable "{name}" has other values in the new model{difference}')
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


def _difference(old: Any | None, new: Any | None, dtype: str) -> str:
    """Where two variables differ by more than rounding; empty if they don't. Their checksums are not the same."""
    if old is None or new is None:
        return '' if dtype in TOLERANCES else ': its checksum is another'
    flat = old.reshape(-1), new.reshape(-1)
    for start in range(0, old.size, _AT_A_TIME):
        # Copies, as it is mapped from a file: not all of a large one at a time.
        was, now = (Tensor(dtype, np.array(each[start : start + _AT_A_TIME])) for each in flat)
        comparison = compare(was, now)
        if comparison.verdict is Verdict.DIFFERENT:
            index = [int(place) for place in np.unravel_index(start + comparison.index[0], old.shape)]
            return f': {comparison.old} is {comparison.new}{f" at {index}" if index else ""}'
    return ''
