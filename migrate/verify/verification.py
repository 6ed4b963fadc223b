"""Verifies new models against old ones: contracts first, then both run on the same inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate.saved_model.compatibility import show_tags
from migrate.saved_model.reading import ModelError
from migrate.scratch import scratch_folder
from migrate.storage import dump
from migrate.verify.given import InputError
from migrate.verify.judgement import judge
from migrate.verify.planning import Model, Plan, jobs, knowledge, plan, read, unused
from migrate.verify.replay import save
from migrate.verify.reshaping import to_send
from migrate.verify.results import ContractDifference, Pair, Side, SignatureResult, Verdict, Verification, worst_of
from migrate.verify.runs import Job, JobRun, SideRun, together
from migrate.verify.sides import PairJobs, Settings, run_sides

# The messages of the models are kept until a pair is judged: not those of thousands at a time.
_MOST_AT_A_TIME = 100
_MOST_NAMES = 3


@dataclass(frozen=True)
class _Planned:
    """One pair that is run, and its place among those that are asked for."""

    number: int
    pair: Pair
    plan: Plan
    jobs: PairJobs


def verify_pairs(pairs: Sequence[Pair], settings: Settings) -> Iterator[tuple[int, Verification]]:
    """Verifies all pairs and yields each result as soon as it is there, with the place of its pair.

    Both sides run at the same time, in workers for many pairs. What models and interpreters do is in the results.
    """
    for start in range(0, len(pairs), _MOST_AT_A_TIME):
        planned: list[_Planned] = []
        for number, pair in enumerate(pairs[start : start + _MOST_AT_A_TIME], start):
            made = _plan(pair, settings)
            if isinstance(made, Verification):
                yield number, made
            else:
                planned.append(_Planned(number, pair, made, jobs(made, pair)))
        if planned:
            what = 'both models' if len(planned) == 1 else f'{len(planned)} pairs of models'
            settings.progress(f'running {what}')
        yield from _verify(planned, settings)


def _verify(planned: Sequence[_Planned], settings: Settings) -> Iterator[tuple[int, Verification]]:
    with scratch_folder() as directory:
        for place, old_run, new_run in run_sides([each.jobs for each in planned], directory, settings):
            each = planned[place]
            verification = _judge(each, settings, old_run, new_run)
            if each.pair.save:
                _save(each.pair.save, verification, each.plan, settings)
            yield each.number, verification


def _save(path: Path, verification: Verification, plan: Plan, settings: Settings) -> None:
    try:
        save(path, dump(verification), {key: inputs.cases for key, inputs in plan.inputs.items()})
    except OSError as error:
        if settings.on_error is None:
            raise
        settings.on_error(error)


def _plan(pair: Pair, settings: Settings) -> Plan | Verification:
    models: list[Model] = []
    try:
        for name, path in (('old', pair.old), ('new', pair.new)):
            settings.progress(f'reading the {name} model {path}')
            models.append(_read(name, path, pair.tags))
        return plan(models[0], models[1], pair)
    except ModelError as error:
        message = f'{error.message}. {error.advice}'.strip()
    except InputError as error:
        message = str(error)
        if settings.on_misuse:
            settings.on_misuse(message)
    except Exception as error:
        # Models hold whatever others wrote into them: one that nobody thought of must not end the other pairs.
        message = f'the models cannot be compared: {type(error).__name__}: {error}'
    return Verification(Side(str(pair.old)), Side(str(pair.new)), Verdict.ERROR, message)


def _read(name: str, path: Path, tags: frozenset[str] | None) -> Model:
    try:
        model = read(path)
    except ModelError as error:
        raise ModelError(f'the {name} model cannot be read: {error.message}', error.advice) from error
    try:
        return model.only(tags) if tags else model
    except KeyError:
        have = ', '.join(sorted(show_tags(graph.tags) for graph in model.contract.graphs))
        raise InputError(f'the {name} model has no tag set {show_tags(tags or frozenset())}; it has {have}') from None


def _judge(each: _Planned, settings: Settings, old_run: SideRun, new_run: SideRun) -> Verification:
    old_runs = {key: run for (key, _), run in _by_signature(each.jobs[0], old_run).items()}
    new_runs: dict[str, dict[str, JobRun]] = {}
    for (key, loader), run in _by_signature(each.jobs[1], new_run).items():
        new_runs.setdefault(key, {})[loader] = run
    keys = sorted(each.plan.old_graph.signatures)
    signatures = tuple(_result(each.plan, key, old_runs.get(key), new_runs.get(key, {})) for key in keys)
    return _sum_up(each.plan, settings, signatures, old_run, new_run)


def _by_signature(jobs: Sequence[Job], run: SideRun) -> dict[tuple[str, str], JobRun]:
    """The run of each signature with each loader, with that of the cases that were run apart."""
    found: dict[tuple[str, str], JobRun] = {}
    for job, ran in zip(jobs, run.jobs, strict=True):
        key = (job.key, job.loader)
        found[key] = together(found[key], job, ran) if key in found else ran
    return found


def _result(plan: Plan, key: str, old_run: JobRun | None, new_runs: dict[str, JobRun]) -> SignatureResult:
    contract = tuple(difference for difference in plan.differences if difference.signature == key)
    old, new = plan.old_graph.signatures[key], plan.new_graph.signatures.get(key)
    if new is None:
        message = 'is missing in the new model'
        return SignatureResult(key, Verdict.INCOMPATIBLE, message, old.method_name, '', 0, '', contract=contract)
    inputs = plan.inputs[key]
    names = (old.method_name, new.method_name)
    breaking = [Verdict.INCOMPATIBLE for difference in contract if difference.breaking]
    if old_run is None:
        verdict = worst_of([Verdict.INCONCLUSIVE, *breaking])
        return SignatureResult(key, verdict, inputs.description, *names, 0, '', contract=contract)
    judgement = judge(old_run, new_runs, knowledge(plan, old))
    return SignatureResult(
        key,
        worst_of([judgement.verdict, *breaking]),
        judgement.message,
        *names,
        judgement.cases,
        inputs.description,
        judgement.outputs,
        contract,
        (*judgement.notes, *to_send(inputs.cases)),
    )


def _sum_up(
    plan: Plan, settings: Settings, signatures: tuple[SignatureResult, ...], old: SideRun, new: SideRun
) -> Verification:
    keys = plan.old_graph.signatures.keys()
    contract = [difference for difference in plan.differences if difference.signature not in keys]
    verdicts = [result.verdict for result in signatures]
    verdicts += [Verdict.INCOMPATIBLE for difference in contract if difference.breaking]
    not_run, not_told = _not_run(plan), _not_told(plan, signatures)
    contract += [*not_run, *not_told]
    if not_run or not signatures:
        verdicts.append(Verdict.INCONCLUSIVE)
    errors = _side_errors(old, new)
    if errors:
        verdicts.append(Verdict.ERROR)
    verdict = worst_of(verdicts)
    return Verification(
        _side(plan.old, old, settings.old_python),
        _side(plan.new, new, settings.new_python),
        verdict,
        '; '.join(errors or [_message(signatures, contract), *_names(not_told)]),
        signatures,
        tuple(contract),
    )


def _side(model: Model, run: SideRun, python: str) -> Side:
    return Side(str(model.path), run.tensorflow, run.python or python, model.fingerprint)


def _side_errors(old: SideRun, new: SideRun) -> list[str]:
    if old.error and old.error == new.error:
        return [f'both sides: {old.error}']
    return [f'the {side} side: {run.error}' for side, run in (('old', old), ('new', new)) if run.error]


def _not_run(plan: Plan) -> list[ContractDifference]:
    """Tag sets that both models have beside the one that was run."""
    new_tags = {graph.tags for graph in plan.new.contract.graphs}
    others = [graph.tags for graph in plan.old.contract.graphs if graph is not plan.old_graph]
    message = 'was not run: only one tag set of a model is, and --tags says which'
    return [ContractDifference(f'tag set {show_tags(tags)}', message, False) for tags in others if tags in new_tags]


def _not_told(plan: Plan, signatures: tuple[SignatureResult, ...]) -> list[ContractDifference]:
    """The variables with other values that nothing was said of: no output shows them, or only the first is named."""
    outputs = [output for result in signatures for output in result.outputs]
    said = ' '.join(text for output in outputs for text in (output.message, *output.explanation))
    without_use = unused(plan)
    found = []
    for name, change in plan.changes.items():
        why = 'no output is known to be computed from it' if name in without_use else ''
        if change.message not in said:
            where = f'variable "{name}"'
            message = '; '.join(filter(None, [change.message.removeprefix(f'{where} '), change.excuse, why]))
            found.append(ContractDifference(where, message, False))
    return found


def _names(not_told: list[ContractDifference]) -> list[str]:
    names = [each.where for each in not_told[:_MOST_NAMES]]
    others = f' and {len(not_told) - _MOST_NAMES} more' if len(not_told) > _MOST_NAMES else ''
    return [f'other values in {", ".join(names)}{others}'] if names else []


def _message(signatures: tuple[SignatureResult, ...], contract: list[ContractDifference]) -> str:
    if not signatures:
        return 'the old model has no signatures: there is nothing to compare'
    proven = sum(result.verdict in (Verdict.IDENTICAL, Verdict.EQUAL) for result in signatures)
    parts = [f'{proven} of {len(signatures)} signature{"" if len(signatures) == 1 else "s"} proven to serve the same']
    for verdict in (Verdict.ERROR, Verdict.INCOMPATIBLE, Verdict.DIFFERENT, Verdict.INCONCLUSIVE):
        keys = [result.key for result in signatures if result.verdict == verdict]
        if keys:
            parts.append(f'{verdict.value}: {", ".join(keys)}')
    parts += _of_incompatible([result for result in signatures if result.verdict == Verdict.INCOMPATIBLE])
    parts += [f'{each.where} {each.message}' for each in contract if each.breaking]
    return '; '.join(parts)


def _of_incompatible(results: list[SignatureResult]) -> list[str]:
    """What is still the same of signatures whose contract breaks clients, and which calls they lost."""
    same = [result.key for result in results if result.outputs and all(each.is_proven for each in result.outputs)]
    which = f'all {len(same)} of these' if 1 < len(same) == len(results) else ', '.join(same)
    parts = [f'the outputs are the same for requests that both take: {which}'] if same else []
    for kind in ('classify', 'regress'):
        name = f'tensorflow/serving/{kind}'
        lost = [each.key for each in results if each.old_method_name == name and each.new_method_name not in ('', name)]
        if lost:
            parts.append(f'{kind} lost (`savedmodel-migrate method-names` brings it back): {", ".join(lost)}')
    return parts
