"""Judges one output of a signature over all cases: compares the sides, and each side with itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from migrate.verify.comparison import TOLERANCES, Comparison, compare
from migrate.verify.evidence import Knowledge, Observation, Values, weigh
from migrate.verify.explanation import explain
from migrate.verify.races import Order
from migrate.verify.results import OutputResult, Verdict, WorstElement, worst_of
from migrate.verify.runs import CaseRun
from migrate.verify.worker import Tensor

_IN_SECOND_CALL = 'in the second call of the same model'
_RACE = 'what the same call changes, in no order'
_HOW_COMPARED = {
    Order.APART: 'compared as read before and after the other outputs',
    Order.EITHER: 'the new model, which has an order, returns what the old one has before or after the other outputs',
    Order.ELSEWHERE: 'compared only loaded into a session, as read before and after the other outputs',
}
_AFTERWARDS = 'read after the other outputs'
_CHANCE = 'random numbers play a part in it, and it changes from call to call'


@dataclass(frozen=True)
class Pair:
    """One case that both sides ran."""

    name: str
    old: CaseRun
    new: CaseRun


class _Found(NamedTuple):
    """What one output was in one case."""

    pair: Pair
    comparison: Comparison
    values: Values


def judge_outputs(pairs: list[Pair], knowledge: Knowledge) -> tuple[list[OutputResult], list[str]]:
    """Every output that the old side returned; and notes on them."""
    found: dict[str, list[_Found]] = {}
    shapes: dict[str, Tensor] = {}
    missing: dict[str, str] = {}
    for pair in pairs:
        case = _Case(pair, knowledge)
        for name, tensor in sorted(case.old['first'].items()):
            shapes[name] = tensor
            if name in case.new['first']:
                comparison = case.judge(name)
                found.setdefault(name, []).append(_Found(pair, comparison, Values(tensor)))
            else:
                missing[name] = pair.name
    steady, notes = _without_random_settings(found, knowledge)
    unordered = [name for name in found if knowledge.orders.get(name) is Order.NONE]
    elsewhere = [name for name in found if knowledge.orders.get(name) is Order.ELSEWHERE]
    results = [_missing(name, shapes[name]) for name in missing]
    results += [_result(name, shapes[name], steady[name]) for name in unordered]
    proven: list[Observation] = []
    for name in [name for name in found if name not in (*missing, *unordered, *elsewhere)]:
        result = _result(name, shapes[name], steady[name])
        if result.verdict in (Verdict.IDENTICAL, Verdict.EQUAL):
            # What an empty batch returns is the same as anything.
            values = {each.pair.name: each.values for each in steady[name] if not each.values.is_empty}
            proven.append(Observation(result, values))
        else:
            results.append(result)
    weighed, more_notes = weigh(proven, knowledge)
    judged = [_explained(result, steady, knowledge) for result in (*results, *weighed)]
    return sorted(judged, key=lambda result: result.name), [*notes, *_of_races(found, knowledge), *more_notes]


def _of_races(found: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    for order, how in _HOW_COMPARED.items():
        names = [f'"{name}"' for name in found if knowledge.orders.get(name) is order]
        if names:
            yield f'{", ".join(names)} read{"s" if len(names) == 1 else ""} {_RACE}: {how}'


def _without_random_settings(
    found: dict[str, list[_Found]], knowledge: Knowledge
) -> tuple[dict[str, list[_Found]], list[str]]:
    """Leaves out what is random under one setting of the switches (`is_training`) and steady under another."""
    kept: dict[str, list[_Found]] = {}
    left_out: dict[str, list[str]] = {}
    for name, all_found in found.items():
        settings: dict[str, list[Verdict]] = {}
        for each in all_found:
            settings.setdefault(knowledge.setting(each.pair.name), []).append(each.comparison.verdict)
        unsteady = [setting for setting in settings if worst_of(settings[setting]) == Verdict.INCONCLUSIVE]
        if len(unsteady) == len(settings):
            unsteady = []
        kept[name] = [each for each in all_found if knowledge.setting(each.pair.name) not in unsteady]
        for setting in unsteady:
            left_out.setdefault(setting, []).append(f'"{name}"')
    why = 'the old model returns other values each time'
    notes = [
        f'nothing is known of {", ".join(names)} where {setting or "no switch is set"}: {why}'
        for setting, names in left_out.items()
    ]
    return kept, notes


class _Case:
    """The outputs of both sides in one case, in all attempts that succeeded."""

    def __init__(self, pair: Pair, knowledge: Knowledge) -> None:
        self.pair = pair
        self._knowledge = knowledge
        self.old = _attempts(pair.old)
        self.new = _attempts(pair.new)
        if pair.name in knowledge.cases and knowledge.cases[pair.name].instead:
            self.new = {attempt: self._in_old_shapes(tensors) for attempt, tensors in self.new.items()}

    def judge(self, name: str) -> Comparison:
        comparison = self._compare(name, 'first')
        if self._knowledge.orders.get(name) is Order.NONE:
            return Comparison(Verdict.INCONCLUSIVE, f'reads {_RACE}: what it returns is up to chance')
        if self._changes(self.old, name, 'fresh'):
            same_type = self.old['first'][name].dtype == self.new['first'][name].dtype
            verdict = Verdict.INCONCLUSIVE if same_type else Verdict.DIFFERENT
            message = 'the old model returns other values each time it is loaded and run on the same inputs'
            return replace(comparison, verdict=verdict, message=message if same_type else comparison.message)
        problem = self._problem(name, comparison)
        if problem and name in self._knowledge.by_chance and self._changes(self.old, name, 'again'):
            return replace(problem, verdict=Verdict.INCONCLUSIVE, message=f'{_CHANCE}: {problem.message}')
        return problem or comparison

    def _in_old_shapes(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        """Of a model that was fed other shapes, and so returns others, only the values count."""
        shapes = {name: tensor.array.shape for name, tensor in self.old['first'].items()}
        return {
            name: Tensor(tensor.dtype, tensor.array.reshape(shapes[name]))
            if name in shapes and math.prod(shapes[name]) == tensor.array.size
            else tensor
            for name, tensor in tensors.items()
        }

    def _problem(self, name: str, comparison: Comparison) -> Comparison | None:
        if comparison.verdict == Verdict.DIFFERENT:
            return comparison
        if self._changes(self.new, name, 'fresh'):
            message = 'the new model returns other values each time it is loaded and run, the old model does not'
            return replace(comparison, verdict=Verdict.DIFFERENT, message=message)
        return self._problem_in_second_call(name)

    def _problem_in_second_call(self, name: str) -> Comparison | None:
        """A client calls more than once: state must move on alike."""
        if 'again' not in self.old:
            return None
        if 'again' not in self.new or name not in self.new['again']:
            error = self.pair.new.errors.get('again', 'the output is missing')
            return Comparison(Verdict.DIFFERENT, f'the second call of the new model fails: {error}')
        second = self._compare(name, 'again')
        if second.verdict != Verdict.DIFFERENT:
            return None
        return replace(second, message=f'{_IN_SECOND_CALL}: {second.message}')

    def _compare(self, name: str, attempt: str) -> Comparison:
        tolerance, order = self._knowledge.tolerances.get(name), self._knowledge.orders.get(name)
        comparison = compare(self.old[attempt][name], self.new[attempt][name], tolerance)
        if order is Order.APART:
            after = compare(self.old[f'after {attempt}'][name], self.new[f'after {attempt}'][name], tolerance)
            if worst_of((comparison.verdict, after.verdict)) is not comparison.verdict:
                return replace(after, message=f'{_AFTERWARDS}: {after.message}')
        if order is Order.EITHER and comparison.verdict is Verdict.DIFFERENT:
            after = compare(self.old[f'after {attempt}'][name], self.new[attempt][name], tolerance)
            return comparison if after.verdict is Verdict.DIFFERENT else after
        return comparison

    def _changes(self, attempts: dict[str, dict[str, Tensor]], name: str, attempt: str) -> bool:
        """Whether an output is another one in a later attempt; failing only then counts as well."""
        if attempt not in attempts or name not in attempts[attempt]:
            return True
        tolerance = self._knowledge.tolerances.get(name)
        return compare(attempts['first'][name], attempts[attempt][name], tolerance).verdict == Verdict.DIFFERENT


def _attempts(run: CaseRun) -> dict[str, dict[str, Tensor]]:
    loaded: dict[str, dict[str, Tensor]] = {}
    outputs: dict[str, dict[str, Tensor]] = {}
    for attempt in [f'{when}{each}' for each in ('first', 'again', 'fresh') for when in ('', 'after ')]:
        if attempt in run.files:
            path = run.files[attempt]
            loaded[path] = outputs[attempt] = loaded.get(path) or run.outputs(attempt)
    return outputs


def _missing(name: str, old: Tensor) -> OutputResult:
    message = 'is missing in what the new model returns'
    return OutputResult(name, Verdict.INCOMPATIBLE, message, old.dtype, str(list(old.array.shape)))


def _result(name: str, old: Tensor, found: list[_Found]) -> OutputResult:
    comparisons = [each.comparison for each in found]
    verdict = worst_of(comparison.verdict for comparison in comparisons)
    bad = [each for each in found if each.comparison.verdict == verdict]
    pair, worst, values = max(bad, key=lambda each: each.comparison.max_abs_difference or 0.0)
    message = f'case "{pair.name}": {worst.message}' if worst.message else ''
    if verdict in (Verdict.IDENTICAL, Verdict.EQUAL) and all(comparison.empty for comparison in comparisons):
        verdict, message = Verdict.INCONCLUSIVE, 'no case made it return a value other than NaN: nothing was compared'
    element = WorstElement(pair.name, worst.index, worst.old, worst.new) if worst.old or worst.new else None
    differences = [each.max_abs_difference for each in comparisons if each.max_abs_difference is not None]
    magnitudes = [each.max_magnitude for each in comparisons if each.max_magnitude is not None]
    return OutputResult(
        name,
        verdict,
        message,
        old.dtype,
        str(list(values.shape)),
        max(differences, default=None),
        max(magnitudes, default=None),
        element,
    )


def _explained(result: OutputResult, found: dict[str, list[_Found]], knowledge: Knowledge) -> OutputResult:
    """If it differs, with what can be seen of the case in which it does so most."""
    if result.verdict is not Verdict.DIFFERENT:
        return result
    bad = [each for each in found[result.name] if result.worst is None or each.pair.name == result.worst.case]
    pair, index = bad[0].pair, result.worst.index if result.worst else ()
    when = 'after ' if _AFTERWARDS in result.message else ''
    attempt = when + ('again' if _IN_SECOND_CALL in result.message else 'first')
    inputs = knowledge.cases[pair.name].tensors if pair.name in knowledge.cases else {}
    lines = explain(result.name, index, pair.old.outputs(attempt), pair.new.outputs(attempt), inputs)
    if _is_a_matter_of_tolerance(result):
        lines.append(f'it would pass with --atol {result.name}={_rounded_up(result.max_abs_difference or 0.0)}')
    changes = [change.message for change in knowledge.changes_behind.get(result.name, ())]
    lines += [change for change in changes if change not in result.message]
    return replace(result, explanation=tuple(lines))


def _is_a_matter_of_tolerance(result: OutputResult) -> bool:
    largest = result.max_abs_difference or 0.0
    return result.dtype in TOLERANCES and 0 < largest < math.inf and 'on one side only' not in result.message


def _rounded_up(value: float) -> str:
    """With two digits."""
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return f'{math.ceil(value / step) * step:.3g}'
