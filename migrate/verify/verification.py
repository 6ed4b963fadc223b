"""Verifies a new model against an old one: contracts first, then both run on the same inputs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrate.saved_model.compatibility import compare_contracts, served_graphs, show_tags
from migrate.saved_model.contract import Contract, GraphContract, SignatureContract, TensorContract, read_contract
from migrate.saved_model.graph import Graph, graph_of
from migrate.saved_model.reading import ModelError, read_saved_model
from migrate.verify.dependence import inputs_behind
from migrate.verify.evidence import Knowledge
from migrate.verify.inputs import Inputs, make_up_inputs
from migrate.verify.judgement import judge
from migrate.verify.randomness import depends_on_chance
from migrate.verify.results import ContractDifference, Side, SignatureResult, Verdict, Verification, worst_of
from migrate.verify.runs import Job, JobRun, Runner, SideRun
from migrate.verify.vocabularies import Assets


@dataclass(frozen=True)
class Settings:
    """How a verification is run."""

    old_python: str
    new_python: str
    timeout: float
    seed: int
    progress: Callable[[str], None]


@dataclass(frozen=True)
class Model:
    """One of the two models, read."""

    path: Path
    message: Any
    contract: Contract

    def meta_graph(self, graph: GraphContract) -> Any:
        return self.message.meta_graphs[self.contract.graphs.index(graph)]


@dataclass(frozen=True)
class _Plan:
    """The models, which of their graphs stand for each other, and what to run."""

    old: Model
    new: Model
    old_graph: GraphContract
    new_graph: GraphContract
    differences: list[ContractDifference]
    inputs: dict[str, Inputs] = field(default_factory=dict)
    """By the keys of the signatures that both sides have."""


def verify_models(old_path: Path, new_path: Path, settings: Settings) -> Verification:
    """The whole verification. Whatever the models and interpreters do ends in its result."""
    models: list[Model] = []
    for name, path in (('old', old_path), ('new', new_path)):
        settings.progress(f'reading the {name} model {path}')
        try:
            models.append(_read(path))
        except ModelError as error:
            message = f'the {name} model cannot be read: {error.message}. {error.advice}'.strip()
            return Verification(Side(str(old_path)), Side(str(new_path)), Verdict.ERROR, message)
    plan = _plan(models[0], models[1], settings.seed)
    with tempfile.TemporaryDirectory(prefix='savedmodel-migrate-') as directory:
        old_jobs, new_jobs = _jobs(plan)
        settings.progress(f'running the old model {old_path}')
        old_run = _runner(plan, plan.old, Path(directory) / 'old', settings).run(old_jobs)
        settings.progress(f'running the new model {new_path}')
        new_run = _runner(plan, plan.new, Path(directory) / 'new', settings).run(new_jobs)
        settings.progress('comparing')
        signatures = _results(plan, old_jobs, old_run, new_jobs, new_run)
    return _sum_up(plan, settings, signatures, old_run, new_run)


def _read(path: Path) -> Model:
    message = read_saved_model(path)
    return Model(path, message, read_contract(path, message))


def _plan(old: Model, new: Model, seed: int) -> _Plan:
    old_graph, new_graph = served_graphs(old.contract, new.contract)
    plan = _Plan(old, new, old_graph, new_graph, compare_contracts(old.contract, new.contract))
    meta_graph = old.meta_graph(old_graph)
    graph = graph_of(meta_graph)
    assets = Assets(old.path, meta_graph)
    for key in sorted(old_graph.signatures.keys() & new_graph.signatures.keys()):
        signature = old_graph.signatures[key]
        may_be_left_out = _may_be_left_out(signature, new_graph.signatures[key])
        try:
            plan.inputs[key] = make_up_inputs(graph, assets, signature, may_be_left_out, seed)
        except Exception as error:
            # The graph was written by others and may hold anything. Without inputs nothing is proven, and that is said.
            plan.inputs[key] = Inputs((), f'inputs could not be made up: {type(error).__name__}: {error}')
    return plan


def _may_be_left_out(old: SignatureContract, new: SignatureContract) -> frozenset[str]:
    """Inputs that have a default on both sides. One that lost it is a difference of the contracts."""
    defaults = [{name for name, tensor in side.inputs.items() if tensor.has_default} for side in (old, new)]
    return frozenset(defaults[0] & defaults[1])


def _jobs(plan: _Plan) -> tuple[list[Job], list[Job]]:
    """Old models are loaded as servers load them; what TensorFlow 2 wrote in both ways in which it is used."""
    loaders = ('object', 'session') if plan.new_graph.is_tf2 else ('session',)
    runnable = {key: inputs for key, inputs in plan.inputs.items() if inputs.cases}
    old = [_job(plan.old_graph, key, 'session', inputs) for key, inputs in runnable.items()]
    new = [_job(plan.new_graph, key, loader, inputs) for key, inputs in runnable.items() for loader in loaders]
    return old, new


def _job(graph: GraphContract, key: str, loader: str, inputs: Inputs) -> Job:
    names = [name for tensor in graph.signatures[key].inputs.values() for name in tensor.names_in_a_call]
    # A default in the graph can be relied on in a session only: a loaded function asks for all its arguments.
    cases = [case for case in inputs.cases if loader == 'session' or not case.leaves_out]
    return Job(key, loader, cases, frozenset(names))


def _runner(plan: _Plan, model: Model, directory: Path, settings: Settings) -> Runner:
    is_old = model is plan.old
    graph = plan.old_graph if is_old else plan.new_graph
    python = settings.old_python if is_old else settings.new_python
    # A new model that leaves to its clients what the old one did itself must fail here as it does there.
    initialise_tables = is_old or not plan.old_graph.initialises_itself
    return Runner(model.path, graph.tags, python, directory, settings.timeout, initialise_tables, settings.progress)


def _results(
    plan: _Plan, old_jobs: list[Job], old_run: SideRun, new_jobs: list[Job], new_run: SideRun
) -> tuple[SignatureResult, ...]:
    old_runs = {job.key: run for job, run in zip(old_jobs, old_run.jobs, strict=True)}
    new_runs: dict[str, dict[str, JobRun]] = {}
    for job, run in zip(new_jobs, new_run.jobs, strict=True):
        new_runs.setdefault(job.key, {})[job.loader] = run
    return tuple(
        _result(plan, key, old_runs.get(key), new_runs.get(key, {})) for key in sorted(plan.old_graph.signatures)
    )


def _result(plan: _Plan, key: str, old_run: JobRun | None, new_runs: dict[str, JobRun]) -> SignatureResult:
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
    judgement = judge(old_run, new_runs, _knowledge(plan, old))
    return SignatureResult(
        key,
        worst_of([judgement.verdict, *breaking]),
        judgement.message,
        *names,
        judgement.cases,
        inputs.description,
        judgement.outputs,
        contract,
        judgement.notes,
    )


def _knowledge(plan: _Plan, signature: SignatureContract) -> Knowledge:
    graph = graph_of(plan.old.meta_graph(plan.old_graph))
    fed = {tensor: name for each in signature.inputs.values() for name, tensor in _tensors(each, graph)}
    chance: list[str] = []
    behind: dict[str, frozenset[str]] = {}
    for output in signature.outputs.values():
        if depends_on_chance(graph, output.tensors):
            chance += output.names_in_a_call
        for name, tensor in _tensors(output, graph):
            behind[name] = inputs_behind(graph, [tensor], fed)
    cases = {case.name: case for case in plan.inputs[signature.key].cases}
    return Knowledge(cases, frozenset(chance), behind)


def _tensors(contract: TensorContract, graph: Graph) -> Iterator[tuple[str, str]]:
    """The names in a call, and the tensors of the graph behind them."""
    yield from zip(contract.names_in_a_call, map(graph.tensor, contract.tensors), strict=True)


def _sum_up(
    plan: _Plan, settings: Settings, signatures: tuple[SignatureResult, ...], old: SideRun, new: SideRun
) -> Verification:
    keys = plan.old_graph.signatures.keys()
    contract = [difference for difference in plan.differences if difference.signature not in keys]
    verdicts = [result.verdict for result in signatures]
    verdicts += [Verdict.INCOMPATIBLE for difference in contract if difference.breaking]
    not_run = _not_run(plan)
    contract += not_run
    if not_run or not signatures:
        verdicts.append(Verdict.INCONCLUSIVE)
    errors = [f'the {side} side: {run.error}' for side, run in (('old', old), ('new', new)) if run.error]
    if errors:
        verdicts.append(Verdict.ERROR)
    verdict = worst_of(verdicts)
    return Verification(
        Side(str(plan.old.path), old.tensorflow, old.python or settings.old_python),
        Side(str(plan.new.path), new.tensorflow, new.python or settings.new_python),
        verdict,
        '; '.join(errors) or _message(signatures, contract),
        signatures,
        tuple(contract),
    )


def _not_run(plan: _Plan) -> list[ContractDifference]:
    """Tag sets that both models have beside the one that was run."""
    new_tags = {graph.tags for graph in plan.new.contract.graphs}
    others = [graph.tags for graph in plan.old.contract.graphs if graph is not plan.old_graph]
    message = 'was not run: only one tag set of a model is'
    return [ContractDifference(f'tag set {show_tags(tags)}', message, False) for tags in others if tags in new_tags]


def _message(signatures: tuple[SignatureResult, ...], contract: list[ContractDifference]) -> str:
    if not signatures:
        return 'the old model has no signatures: there is nothing to compare'
    proven = sum(result.verdict in (Verdict.IDENTICAL, Verdict.EQUAL) for result in signatures)
    parts = [f'{proven} of {len(signatures)} signature{"" if len(signatures) == 1 else "s"} proven to serve the same']
    for verdict in (Verdict.ERROR, Verdict.INCOMPATIBLE, Verdict.DIFFERENT, Verdict.INCONCLUSIVE):
        keys = [result.key for result in signatures if result.verdict == verdict]
        if keys:
            parts.append(f'{verdict.value}: {", ".join(keys)}')
    parts += [f'{each.where} {each.message}' for each in contract if each.breaking]
    return '; '.join(parts)
