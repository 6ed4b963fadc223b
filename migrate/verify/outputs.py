"""Judges one output of a signature over all cases: compares the sides, and each side with itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from migrate.verify.comparison import Comparison, compare
from migrate.verify.evidence import Knowledge, Observation, Values, weigh
from migrate.verify.results import OutputResult, Verdict, WorstElement, worst_of
from migrate.verify.runs import CaseRun
from migrate.verify.worker import Tensor

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
        case = _Case(pair)
        for name, tensor in sorted(case.old['first'].items()):
            shapes[name] = tensor
            if name in case.new['first']:
                comparison = case.judge(name, name in knowledge.by_chance)
                found.setdefault(name, []).append(_Found(pair, comparison, Values(tensor)))
            else:
                missing[name] = pair.name
    steady, notes = _without_random_settings(found, knowledge)
    results = [_missing(name, shapes[name]) for name in missing]
    proven: list[Observation] = []
    for name in [name for name in found if name not in missing]:
        result = _result(name, shapes[name], steady[name])
        if result.verdict in (Verdict.IDENTICAL, Verdict.EQUAL):
            proven.append(Observation(result, {each.pair.name: each.values for each in steady[name]}))
        else:
            results.append(result)
    weighed, more_notes = weigh(proven, knowledge)
    return sorted([*results, *weighed], key=lambda result: result.name), [*notes, *more_notes]


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

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.old = _attempts(pair.old)
        self.new = _attempts(pair.new)

    def judge(self, name: str, random_op: bool) -> Comparison:
        comparison = compare(self.old['first'][name], self.new['first'][name])
        if _changes(self.old, name, 'fresh'):
            same_type = self.old['first'][name].dtype == self.new['first'][name].dtype
            verdict = Verdict.INCONCLUSIVE if same_type else Verdict.DIFFERENT
            message = 'the old model returns other values each time it is loaded and run on the same inputs'
            return replace(comparison, verdict=verdict, message=message if same_type else comparison.message)
        problem = self._problem(name, comparison)
        if problem and random_op and _changes(self.old, name, 'again'):
            return replace(problem, verdict=Verdict.INCONCLUSIVE, message=f'{_CHANCE}: {problem.message}')
        return problem or comparison

    def _problem(self, name: str, comparison: Comparison) -> Comparison | None:
        if comparison.verdict == Verdict.DIFFERENT:
            return comparison
        if _changes(self.new, name, 'fresh'):
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
        second = compare(self.old['again'][name], self.new['again'][name])
        if second.verdict != Verdict.DIFFERENT:
            return None
        return replace(second, message=f'in the second call of the same model: {second.message}')


def _attempts(run: CaseRun) -> dict[str, dict[str, Tensor]]:
    loaded: dict[str, dict[str, Tensor]] = {}
    outputs: dict[str, dict[str, Tensor]] = {}
    for attempt in ('first', 'again', 'fresh'):
        if attempt in run.files:
            path = run.files[attempt]
            loaded[path] = outputs[attempt] = loaded.get(path) or run.outputs(attempt)
    return outputs


def _changes(attempts: dict[str, dict[str, Tensor]], name: str, attempt: str) -> bool:
    """Whether an output is another one in a later attempt; failing only then counts as well."""
    if attempt not in attempts or name not in attempts[attempt]:
        return True
    return compare(attempts['first'][name], attempts[attempt][name]).verdict == Verdict.DIFFERENT


def _missing(name: str, old: Tensor) -> OutputResult:
    message = 'is missing in what the new model returns'
    return OutputResult(name, Verdict.INCOMPATIBLE, message, old.dtype, str(list(old.array.shape)))


def _result(name: str, old: Tensor, found: list[_Found]) -> OutputResult:
    comparisons = [each.comparison for each in found]
    verdict = worst_of(comparison.verdict for comparison in comparisons)
    bad = [each for each in found if each.comparison.verdict == verdict]
    pair, worst, _ = max(bad, key=lambda each: each.comparison.max_abs_difference or 0.0)
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
        str(list(old.array.shape)),
        max(differences, default=None),
        max(magnitudes, default=None),
        element,
    )
