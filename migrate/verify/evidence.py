"""Says whether values that are the same on both sides prove anything: a model that is broken returns zeros as well.

An output that no input of the signature reaches in the old graph may be what it likes: a counter, a constant. Of one
that inputs reach, the same values prove something only if the inputs did something to it:

- No input but zeros (or what stands in for an input that is left out) was compared, while other cases were tried and
  failed: inconclusive.
- Floating point numbers that were zero in every case, whatever the inputs: inconclusive. So are the outputs of a dead
  ReLU, and those of a batch of one normalised by its own mean.
- A variable behind the output has other values in the new model: `different` if the output is not the same bit for bit,
  inconclusive if it is.
- Values that were the same in every row of every case, while the inputs were not: inconclusive if they are floating
  point numbers and no other output of the signature varied (a dead ReLU behind a sigmoid); else a note. Integers,
  bools and strings get the note only: a class that never changes is nothing unusual.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from migrate.verify.changes import Change
from migrate.verify.comparison import TOLERANCES, Tolerance, real_numbers
from migrate.verify.races import Order, RacesOfPair
from migrate.verify.results import OutputResult, Verdict
from migrate.verify.runs import Case
from migrate.verify.worker import Tensor, pack_strings

_MAX_NAMES = 4
# Rows of which each was computed from the same numbers may differ in their last bits.
_ROUNDING = {'float32': 5e-7, 'complex64': 5e-7, 'float64': 1e-15, 'complex128': 1e-15}


@dataclass(frozen=True)
class Knowledge:
    """What is known of a signature beside what its runs returned. Names are those in a call."""

    cases: Mapping[str, Case] = field(default_factory=dict)
    by_chance: frozenset[str] = frozenset()
    """The outputs with a random op behind them."""
    inputs_behind: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The inputs that reach an output."""
    changes_behind: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """The variables with other values that reach an output."""
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    """Those that were asked for, by output."""
    races: RacesOfPair = field(default_factory=RacesOfPair)
    orders: Mapping[str, Order] = field(default_factory=dict)
    """How the outputs that read what the same call changes are compared, with the loader in question."""

    def is_apart(self, case: str) -> bool:
        return case in self.cases and self.cases[case].apart

    def setting(self, case: str) -> str:
        return self.cases[case].setting if case in self.cases else ''


class Values:
    """What is kept of a tensor to tell whether it varies."""

    def __init__(self, tensor: Tensor) -> None:
        array = real_numbers(tensor) if tensor.dtype in TOLERANCES else tensor.array
        self._rounding = _ROUNDING.get(tensor.dtype, 0.0) if tensor.dtype in TOLERANCES else None
        rows = array.reshape(len(array), -1) if array.ndim and array.size else array.reshape(1, -1)
        self._row = rows[0].copy()
        self._shape = array.shape
        self.shape = tensor.array.shape
        self.is_empty = not array.size
        # All that is kept of what has several different rows: outputs may be large.
        self._digest = '' if all(self._same(row, self._row) for row in rows[1:]) else _digest(tensor)
        self.is_zero = not any(array.ravel()) if array.dtype == object else not array.any()

    def is_same_as(self, other: Values) -> bool:
        """Whether both consist of one and the same row over and over, or are the same."""
        if self._digest or other._digest:
            return (self._digest, self._shape) == (other._digest, other._shape)
        return self._same(self._row, other._row)

    def _same(self, left: Any, right: Any) -> bool:
        if left.shape != right.shape:
            return False
        if not self._rounding:
            return bool(np.array_equal(left, right, equal_nan=self._rounding is not None))
        with np.errstate(invalid='ignore', over='ignore'):
            scale = np.max(np.abs(left), initial=0.0, where=np.isfinite(left))
            return bool(np.allclose(left, right, rtol=0, atol=self._rounding * scale, equal_nan=True))


def _digest(tensor: Tensor) -> str:
    parts = pack_strings(tensor.array) if tensor.dtype == 'string' else [tensor.array]
    return hashlib.sha256(b''.join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


@dataclass(frozen=True)
class Observation:
    """An output that both sides returned alike, and its values by the names of the cases."""

    result: OutputResult
    values: Mapping[str, Values]


def weigh(observations: Sequence[Observation], knowledge: Knowledge) -> tuple[list[OutputResult], list[str]]:
    """The results after a look at what they prove, and notes on the outputs that never change."""
    stuck = [each for each in observations if _is_stuck(each, knowledge)]
    others = [each for each in observations if _behind(each, knowledge) and each not in stuck]
    results, notes = [], []
    for each in observations:
        doubt = _doubt(each, knowledge)
        if not doubt and each in stuck:
            what = f'is the same in all {len(each.values)} cases, whatever the inputs'
            if others or each.result.dtype not in TOLERANCES:
                notes.append(f'output "{each.result.name}" {what}: a fault of what comes before may not show in it')
            else:
                doubt = f'{what}: of what comes before it in the model nothing is proven'
        result = replace(each.result, verdict=Verdict.INCONCLUSIVE, message=doubt) if doubt else each.result
        changes = knowledge.changes_behind.get(result.name, ())
        results.append(_with_changes(result, changes, result.name in knowledge.tolerances))
    return results, notes


def _with_changes(result: OutputResult, changes: tuple[Change, ...], is_asked_for: bool) -> OutputResult:
    """The values of a variable that was changed count, however little of it the inputs show.

    But whoever asks for a tolerance gets it.
    """
    if not changes:
        return result
    others = f' (and {len(changes) - 1} more)' if len(changes) > 1 else ''
    if result.verdict is Verdict.EQUAL and is_asked_for:
        return replace(result, message=f'{result.message}; {changes[0].message}{others}')
    if result.verdict is Verdict.EQUAL:
        message = f'within tolerance, but not by rounding alone: {changes[0].message}{others}'
        return replace(result, verdict=Verdict.DIFFERENT, message=message)
    message = f'{changes[0].message}{others}; no input that was tried shows it'
    return replace(result, verdict=Verdict.INCONCLUSIVE, message=message)


def _behind(observation: Observation, knowledge: Knowledge) -> frozenset[str]:
    return knowledge.inputs_behind.get(observation.result.name, frozenset())


def _doubt(observation: Observation, knowledge: Knowledge) -> str:
    """Why one output proves nothing, if so."""
    behind = _behind(observation, knowledge)
    if not behind:
        return ''
    compared = [case for case in observation.values if case in knowledge.cases]
    if not any(_says_something(knowledge.cases[case], behind) for case in compared) and any(
        _says_something(case, behind) for case in knowledge.cases.values()
    ):
        return f'was compared only for inputs that are zero or left out ({_cases(compared, knowledge)})'
    if observation.result.dtype in TOLERANCES and all(values.is_zero for values in observation.values.values()):
        return f'was never anything but zero, which says nothing of the model behind it ({_cases(compared, knowledge)})'
    return ''


def _says_something(case: Case, names: frozenset[str]) -> bool:
    return any(not Values(tensor).is_zero for name, tensor in case.tensors.items() if name in names)


def _is_stuck(observation: Observation, knowledge: Knowledge) -> bool:
    """Whether the values stay the same while inputs that reach the output change."""
    values = list(observation.values.values())
    if len(values) < 2 or not all(each.is_same_as(values[0]) for each in values):
        return False
    cases = [knowledge.cases[case] for case in observation.values if case in knowledge.cases]
    return any(_varies(cases, name) for name in _behind(observation, knowledge))


def _varies(cases: Sequence[Case], name: str) -> bool:
    fed = [Values(case.tensors[name]) for case in cases if name in case.tensors]
    return not all(each.is_same_as(fed[0]) for each in fed)


def _cases(compared: Sequence[str], knowledge: Knowledge) -> str:
    """What was exercised, and what was not."""
    others = [case for case in knowledge.cases if case not in compared]
    return f'compared: {_names(compared)}' + (f'; nothing is known of: {_names(others)}' if others else '')


def _names(cases: Sequence[str]) -> str:
    shown = ', '.join(f'"{case}"' for case in cases[:_MAX_NAMES])
    return f'{shown} and {len(cases) - _MAX_NAMES} more' if len(cases) > _MAX_NAMES else shown
