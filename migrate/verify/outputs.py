"""Judges one output of a signature over all cases: compares the sides, and each side with itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from migrate.verify.comparison import Comparison, compare
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


def judge_outputs(pairs: list[Pair], by_chance: Iterable[str]) -> list[OutputResult]:
    """Every output that the old side returned. `by_chance` names those with a random op behind them."""
    chance = set(by_chance)
    found: dict[str, list[tuple[Pair, Comparison]]] = {}
    shapes: dict[str, Tensor] = {}
    missing: dict[str, str] = {}
    for pair in pairs:
        case = _Case(pair)
        for name, tensor in sorted(case.old['first'].items()):
            shapes[name] = tensor
            if name in case.new['first']:
                found.setdefault(name, []).append((pair, case.judge(name, name in chance)))
            else:
                missing[name] = pair.name
    results = [_missing(name, shapes[name]) for name in missing]
    results += [_result(name, shapes[name], found[name]) for name in found if name not in missing]
    return sorted(results, key=lambda result: result.name)


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


def _result(name: str, old: Tensor, found: list[tuple[Pair, Comparison]]) -> OutputResult:
    verdict = worst_of(comparison.verdict for _, comparison in found)
    bad = [(pair, comparison) for pair, comparison in found if comparison.verdict == verdict]
    pair, worst = max(bad, key=lambda each: each[1].max_abs_difference or 0.0)
    message = f'case "{pair.name}": {worst.message}' if worst.message else ''
    if verdict in (Verdict.IDENTICAL, Verdict.EQUAL) and all(comparison.empty for _, comparison in found):
        verdict, message = Verdict.INCONCLUSIVE, 'no case made it return a value other than NaN: nothing was compared'
    element = WorstElement(pair.name, worst.index, worst.old, worst.new) if worst.old or worst.new else None
    differences = [each.max_abs_difference for _, each in found if each.max_abs_difference is not None]
    magnitudes = [each.max_magnitude for _, each in found if each.max_magnitude is not None]
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
