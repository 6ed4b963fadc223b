"""Turns what both sides did with one signature into a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from migrate.verify.evidence import Knowledge
from migrate.verify.outputs import Pair, judge_outputs
from migrate.verify.results import OutputResult, Verdict, worst_of
from migrate.verify.runs import JobRun

_LOADERS = {
    'object': 'loaded with tf.saved_model.load',
    'session': 'loaded into a session, as TensorFlow Serving does',
}


@dataclass(frozen=True)
class Judgement:
    """What the runs of one signature prove."""

    verdict: Verdict
    message: str
    cases: int
    outputs: tuple[OutputResult, ...] = ()
    notes: tuple[str, ...] = ()


def judge(old: JobRun, new: dict[str, JobRun], knowledge: Knowledge) -> Judgement:
    """Judges the new side by every loader that it was run with; the worst counts."""
    usable = {loader: run for loader, run in new.items() if not run.unsupported}
    orders = {loader: knowledge.races.orders(loader, usable) for loader in new}
    judgements = {
        loader: _judge(old, run, replace(knowledge, orders=orders[loader])) for loader, run in (usable or new).items()
    }
    verdict = worst_of(judgement.verdict for judgement in judgements.values())
    worst = [loader for loader, judgement in judgements.items() if judgement.verdict == verdict]
    chosen = judgements[worst[0]]
    message = chosen.message
    if len(worst) < len(judgements):
        message = f'{_LOADERS[worst[0]]}: {message}'
    notes = [f'not {_LOADERS[loader]}: {run.error}' for loader, run in new.items() if run.unsupported]
    return Judgement(verdict, message, chosen.cases, _worst_outputs(judgements.values()), (*chosen.notes, *notes))


def _worst_outputs(judgements: Iterable[Judgement]) -> tuple[OutputResult, ...]:
    chosen: dict[str, OutputResult] = {}
    for judgement in judgements:
        for output in judgement.outputs:
            other = chosen.get(output.name)
            if other is None or worst_of((output.verdict, other.verdict)) != other.verdict:
                chosen[output.name] = output
    return tuple(chosen[name] for name in sorted(chosen))


def _judge(old: JobRun, new: JobRun, knowledge: Knowledge) -> Judgement:
    for side, run in (('old', old), ('new', new)):
        if run.says_nothing:
            return Judgement(Verdict.ERROR, f'the {side} model: {run.error}', 0)
    if old.error or all(case.error for name, case in old.cases.items() if not knowledge.is_apart(name)):
        return _nothing_to_compare_with(old, new, knowledge)
    if new.error:
        return Judgement(Verdict.DIFFERENT, f'the old model runs, the new one fails: {new.error}', 0)
    tried = [Pair(name, old.cases[name], run) for name, run in new.cases.items()]
    pairs = [pair for pair in tried if not pair.old.error and not pair.new.error]
    failures = [pair for pair in tried if pair.new.error and not pair.old.error and not pair.new.says_nothing]
    outputs, notes = judge_outputs(pairs, knowledge)
    verdicts = [output.verdict for output in outputs]
    parts = [_sum_up(outputs, len(pairs))] if pairs else []
    if failures:
        verdicts.append(Verdict.DIFFERENT)
        parts.insert(0, _failing(failures))
    if not outputs:
        verdicts.append(Verdict.INCONCLUSIVE)
        parts.append('nothing was compared')
    return Judgement(
        worst_of(verdicts), '; '.join(parts), len(pairs), tuple(outputs), (*notes, *_refused(tried, knowledge))
    )


def _failing(failures: list[Pair]) -> str:
    others = f' (and {len(failures) - 1} more cases)' if len(failures) > 1 else ''
    return f'the old model runs case "{failures[0].name}"{others}, the new one fails: {failures[0].new.error}'


def _nothing_to_compare_with(old: JobRun, new: JobRun, knowledge: Knowledge) -> Judgement:
    old_error = _first_error(old, knowledge)
    new_error = _first_error(new, knowledge)
    if new_error:
        return Judgement(Verdict.INCONCLUSIVE, f'both fail. The old model: {old_error}. The new one: {new_error}', 0)
    return Judgement(Verdict.INCONCLUSIVE, f'the old model fails, the new one works: {old_error}', 0)


def _first_error(run: JobRun, knowledge: Knowledge) -> str:
    """Why a run gave nothing that counts, empty if it gave something."""
    if run.error:
        return run.error
    errors = [case.error for name, case in run.cases.items() if not knowledge.is_apart(name)]
    if not errors:
        return 'there are no cases'
    return errors[0] if all(errors) else ''


def _sum_up(outputs: list[OutputResult], cases: int) -> str:
    verdict = worst_of(output.verdict for output in outputs) if outputs else Verdict.INCONCLUSIVE
    bad = [f'"{output.name}"' for output in outputs if output.verdict == verdict]
    number = f'{cases} case{"" if cases == 1 else "s"}'
    what = {
        Verdict.IDENTICAL: f'the same bits in {number}',
        Verdict.EQUAL: f'within tolerance in {number}',
        Verdict.DIFFERENT: f'{", ".join(bad)} differ{"s" if len(bad) == 1 else ""}',
        Verdict.INCOMPATIBLE: f'{", ".join(bad)} missing',
    }
    why = next((f': {output.message}' for output in outputs if output.verdict == verdict and output.message), '')
    return what.get(verdict, f'nothing is proven for {", ".join(bad) or "any output"}{why}')


def _refused(tried: list[Pair], knowledge: Knowledge) -> list[str]:
    """The cases that the old model fails on: nothing is known of them. Of what is too much for it nobody asks."""
    refused = [pair for pair in tried if pair.old.error and not knowledge.is_apart(pair.name)]
    if not refused:
        return []
    names = ', '.join(f'"{pair.name}"' for pair in refused)
    works = [f'"{pair.name}"' for pair in refused if not pair.new.error]
    also = f'; the new one runs {", ".join(works)}' if works else ', as does the new one'
    return [f'nothing is known for case {names}: the old model fails{also} ({refused[0].old.error})']
