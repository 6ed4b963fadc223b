"""Plans a verification: reads both models, compares their contracts, chooses what is run on which inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from migrate.saved_model.compatibility import compare_contracts, served_graphs
from migrate.saved_model.contract import Contract, GraphContract, SignatureContract, TensorContract, read_contract
from migrate.saved_model.fingerprint import fingerprint
from migrate.saved_model.graph import Graph, graph_of
from migrate.saved_model.reading import ModelError, read_saved_model
from migrate.saved_model.variables import COPY_IT
from migrate.verify.changes import Change, changed_variables, changes_behind
from migrate.verify.comparison import Tolerance
from migrate.verify.dependence import inputs_behind
from migrate.verify.evidence import Knowledge
from migrate.verify.given import InputError, fitted, read_requests, read_warmup
from migrate.verify.inputs import Inputs, Side, make_up_inputs
from migrate.verify.races import Races, RacesOfPair, find_races
from migrate.verify.randomness import depends_on_chance
from migrate.verify.replay import load
from migrate.verify.reshaping import with_reshaped
from migrate.verify.results import ContractDifference, Pair
from migrate.verify.runs import Artifact, Case, Job
from migrate.verify.state import leaves_nothing
from migrate.verify.vocabularies import Assets

_SMALL = 1_000_000
"""Elements of all variables: what has more of them may take its time."""


@dataclass(frozen=True)
class Model:
    """One of the two models, read."""

    path: Path
    message: Any
    contract: Contract
    fingerprint: str

    def meta_graph(self, graph: GraphContract) -> Any:
        return next(each for each in self.message.meta_graphs if frozenset(each.meta_info_def.tags) == graph.tags)

    def only(self, tags: frozenset[str]) -> Model:
        """The same model as if it had no other tag set. KeyError if it does not have this one."""
        graphs = [graph for graph in self.contract.graphs if graph.tags == tags]
        if not graphs:
            raise KeyError(tags)
        return replace(self, contract=replace(self.contract, graphs=(graphs[0],)))


@dataclass(frozen=True)
class Plan:
    """The models, which of their graphs stand for each other, and what to run."""

    old: Model
    new: Model
    old_graph: GraphContract
    new_graph: GraphContract
    differences: list[ContractDifference]
    inputs: dict[str, Inputs] = field(default_factory=dict)
    """By the keys of the signatures that both sides have."""
    changes: dict[str, Change] = field(default_factory=dict)
    """The variables with other values in the new model."""
    tolerances: dict[tuple[str, str], Tolerance] = field(default_factory=dict)
    """Those that were asked for, by signature and output."""
    races: dict[str, RacesOfPair] = field(default_factory=dict)
    """By the keys of the signatures that both sides have."""

    @property
    def doubtful(self) -> dict[str, Change]:
        """The changes that may not have shown in an output."""
        return {name: change for name, change in self.changes.items() if not change.excuse}


def read(path: Path) -> Model:
    """Reads a model; ModelError where it can't be."""
    message = read_saved_model(path)
    try:
        # Before it is run: what changes meanwhile was not compared.
        model = Model(path, message, read_contract(path, message), fingerprint(path))
    except OSError as error:
        raise ModelError(f'{path} cannot be read: {error}', 'Check its permissions.') from error
    if model.contract.lacks_values:
        raise ModelError(model.contract.variables_error, COPY_IT)
    return model


def plan(old: Model, new: Model, pair: Pair) -> Plan:
    """What to run, and what the contracts tell without that. InputError where given inputs can't be used."""
    old_graph, new_graph = served_graphs(old.contract, new.contract)
    changes = changed_variables(old.path, old.contract, new.path, new.contract)
    common = sorted(old_graph.signatures.keys() & new_graph.signatures.keys())
    sides = _side(old, old_graph, {name: change.rows for name, change in changes.items()}), _side(new, new_graph)
    source = _Source(old, sides, pair)
    inputs = {key: source.inputs(old_graph.signatures[key], new_graph.signatures[key]) for key in common}
    for key, found in inputs.items():
        cases = with_reshaped(found.cases, old_graph.signatures[key], new_graph.signatures[key])
        inputs[key] = replace(found, cases=cases)
    source.check(old_graph)
    differences = compare_contracts(old.contract, new.contract)
    of_old, of_new = _races(old, old_graph, common), _races(new, new_graph, common)
    races = {key: RacesOfPair(of_old[key], of_new[key]) for key in common}
    return Plan(old, new, old_graph, new_graph, differences, inputs, changes, _tolerances(pair, old_graph), races)


def _side(model: Model, contract: GraphContract, rows: Mapping[str, Sequence[int]] | None = None) -> Side:
    meta_graph = model.meta_graph(contract)
    return Side(graph_of(meta_graph), Assets(model.path, meta_graph, rows))


def _races(model: Model, contract: GraphContract, keys: list[str]) -> dict[str, Races]:
    graph = graph_of(model.meta_graph(contract))
    outputs = {key: contract.signatures[key].outputs.values() for key in keys}
    return {
        key: find_races(graph, dict(pair for each in outputs[key] for pair in _tensors(each, graph))) for key in keys
    }


def _tolerances(pair: Pair, graph: GraphContract) -> dict[tuple[str, str], Tolerance]:
    """What was asked for, by signature and output; the most specific counts."""
    found: dict[tuple[str, str], Tolerance] = {}
    for asked in sorted(pair.tolerances, key=lambda each: (each.output.count('/'), bool(each.output))):
        outputs = [(key, name) for key, name in _outputs(graph) if asked.output in ('', name, f'{key}/{name}')]
        if not outputs:
            have = ', '.join(dict.fromkeys(name for _, name in _outputs(graph)))
            raise InputError(f'the old model has no output "{asked.output}" for a tolerance; it has {have}')
        found |= dict.fromkeys(outputs, Tolerance(0.0, asked.rtol, asked.atol))
    return found


def _outputs(graph: GraphContract) -> Iterator[tuple[str, str]]:
    """The names of all outputs, with the keys of their signatures."""
    for key, signature in graph.signatures.items():
        yield from ((key, name) for output in signature.outputs.values() for name in output.names_in_a_call)


class _Source:
    """Where inputs come from: those of a stored verification, those that were given, the model's own, made up."""

    def __init__(self, old: Model, sides: tuple[Side, Side], pair: Pair) -> None:
        self._sides = sides
        self._pair = pair
        elements = (math.prod(size or 1 for size in each.shape or ()) for each in old.contract.variables.values())
        self._is_small = sum(elements) <= _SMALL
        self._replayed = load(pair.replay) if pair.replay else {}
        self._given = [request for file in pair.inputs for request in read_requests(file)]
        self._used: set[str] = set()
        try:
            self._warmup, self._warmup_error = read_warmup(old.path), ''
        except InputError as error:
            self._warmup, self._warmup_error = [], f'; warmup requests could not be read: {error}'

    def inputs(self, old: SignatureContract, new: SignatureContract) -> Inputs:
        if self._pair.replay:
            return Inputs(tuple(self._replayed.get(old.key, ())), f'those stored in {self._pair.replay}')
        given = fitted(self._given, old)
        if given:
            self._used.update(case.name for case in given)
            return Inputs(tuple(given), 'given: ' + ', '.join(case.name for case in given))
        of_old, of_new = self._sides
        try:
            made_up = make_up_inputs(of_old, old, new, self._pair.seed, self._is_small, of_new)
        except Exception as error:
            # The graph was written by others and may hold anything. Without inputs nothing is proven, and that is said.
            made_up = Inputs((), f'inputs could not be made up: {type(error).__name__}: {error}')
        return self._with_warmup(made_up, old)

    def _with_warmup(self, made_up: Inputs, signature: SignatureContract) -> Inputs:
        try:
            warmup, error = fitted(self._warmup, signature), self._warmup_error
        except InputError as problem:
            warmup, error = [], f'; a warmup request does not fit: {problem}'
        also = f'; {len(warmup)} warmup requests of the old model' if warmup else ''
        return Inputs((*warmup, *made_up.cases), f'{made_up.description}{also}{error}')

    def check(self, graph: GraphContract) -> None:
        """Inputs that were given for nothing are a mistake of whoever gave them."""
        unused = [request.name for request in self._given if request.name not in self._used]
        if unused:
            raise InputError(
                f'{unused[0]} fits no signature of both models; the old one has {", ".join(graph.signatures)}'
            )


def jobs(plan: Plan, pair: Pair) -> tuple[list[Job], list[Job]]:
    """Old models are loaded as servers load them; what TensorFlow 2 wrote in both ways in which it is used."""
    loaders = ('object', 'session') if plan.new_graph.is_tf2 or pair.both_loaders else ('session',)
    # A new model that leaves to its clients what the old one did itself must fail here as it does there.
    initialise_new = not plan.old_graph.initialises_itself
    old = _jobs(plan, plan.old, plan.old_graph, ('session',), initialise_tables=True)
    new = _jobs(plan, plan.new, plan.new_graph, loaders, initialise_tables=initialise_new)
    return old, [replace(job, cases=[_for_new(case) for case in job.cases]) for job in new]


def _for_new(case: Case) -> Case:
    return replace(case, tensors={**case.tensors, **case.instead}) if case.instead else case


def _jobs(
    plan: Plan, model: Model, contract: GraphContract, loaders: tuple[str, ...], initialise_tables: bool
) -> list[Job]:
    artifact = Artifact(model.path, contract.tags, initialise_tables)
    graph = graph_of(model.meta_graph(contract))
    made: list[Job] = []
    for loader in loaders:
        of_loader = []
        for key, inputs in plan.inputs.items():
            signature = contract.signatures[key]
            names = [name for tensor in signature.inputs.values() for name in tensor.names_in_a_call]
            # A default in the graph can be relied on in a session only: a loaded function asks for all its arguments.
            cases = [case for case in inputs.cases if loader == 'session' or not case.leaves_out]
            outputs = [tensor for output in signature.outputs.values() for tensor in output.tensors]
            races = plan.races[key]
            of_side = races.old if model is plan.old else races.new
            job = Job(
                artifact,
                key,
                loader,
                cases,
                frozenset(names),
                leaves_nothing(graph, outputs),
                in_races=of_side.apart if loader == 'session' else frozenset(),
                anew=bool(races.old.all | races.new.all),
            )
            parts = ([case for case in cases if case.apart is apart] for apart in (False, True))
            of_loader += [replace(job, cases=part) for part in parts if part]
        # What is run apart comes last: a crash in it costs nothing but another start of TensorFlow.
        made += sorted(of_loader, key=lambda job: job.cases[0].apart)
    return made


def knowledge(plan: Plan, signature: SignatureContract) -> Knowledge:
    """What the graphs tell of a signature's outputs."""
    graph = graph_of(plan.old.meta_graph(plan.old_graph))
    fed = {tensor: name for each in signature.inputs.values() for name, tensor in _tensors(each, graph)}
    chance: list[str] = []
    behind: dict[str, frozenset[str]] = {}
    changed: dict[str, tuple[Change, ...]] = {}
    for output in signature.outputs.values():
        if depends_on_chance(graph, output.tensors):
            chance += output.names_in_a_call
        for name, tensor in _tensors(output, graph):
            behind[name] = inputs_behind(graph, [tensor], fed)
            changed[name] = changes_behind(graph, [tensor], plan.doubtful)
    cases = {case.name: case for case in plan.inputs[signature.key].cases}
    tolerances = {name: tolerance for (key, name), tolerance in plan.tolerances.items() if key == signature.key}
    return Knowledge(cases, frozenset(chance), behind, changed, tolerances, plan.races[signature.key])


def unused(plan: Plan) -> set[str]:
    """The variables with other values that no signature of the old model is known to be computed from."""
    graph = graph_of(plan.old.meta_graph(plan.old_graph)) if plan.changes else Graph((), {})
    outputs = [output for each in plan.old_graph.signatures.values() for output in each.outputs.values()]
    tensors = [tensor for output in outputs for _, tensor in _tensors(output, graph)]
    return plan.changes.keys() - {change.name for change in changes_behind(graph, tensors, plan.changes)}


def _tensors(contract: TensorContract, graph: Graph) -> Iterator[tuple[str, str]]:
    """The names in a call, and the tensors of the graph behind them."""
    yield from zip(contract.names_in_a_call, map(graph.tensor, contract.tensors), strict=True)
