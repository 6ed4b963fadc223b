"""Runs one signature of one model on given inputs, or on inputs made up for it, in a worker process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from migrate.saved_model.compatibility import served_graphs, show_tags
from migrate.saved_model.contract import GraphContract, SignatureContract
from migrate.saved_model.graph import graph_of
from migrate.scratch import scratch_folder
from migrate.verify.given import InputError, Request, check_names, check_shapes, fitted
from migrate.verify.inputs import Side, make_up_inputs
from migrate.verify.misfits import misfit
from migrate.verify.planning import Model, read
from migrate.verify.runs import Artifact, Case, Job, Runner, SideRun
from migrate.verify.vocabularies import Assets
from migrate.verify.worker import Tensor


@dataclass(frozen=True)
class How:
    """How a signature is run."""

    loader: str = 'session'
    python: str | None = None
    """The interpreter; None is this one."""
    timeout: float = 300
    memory: int = 0
    """Bytes that the process may take."""
    seed: int = 0
    """Of the inputs that are made up."""
    progress: Callable[[str], None] = lambda message: None


@dataclass(frozen=True)
class Answer:
    """What a signature returned for one request, or why it returned nothing."""

    request: str
    inputs: Mapping[str, Tensor]
    outputs: Mapping[str, Tensor] = field(default_factory=dict)
    error: str = ''
    is_misfit: bool = False
    """Whether that is because the inputs don't fit."""


@dataclass(frozen=True)
class Chosen:
    """A signature of a model that was read."""

    model: Model
    graph: GraphContract
    signature: SignatureContract

    @property
    def outputs(self) -> list[str]:
        """The names under which its outputs come back."""
        return [name for tensor in self.signature.outputs.values() for name in tensor.names_in_a_call]


def choose(path: Path, key: str, tags: frozenset[str] | None = None) -> Chosen:
    """Reads a model. InputError names what there is where it has no such tag set or signature; ModelError as `read`."""
    model = read(path)
    graphs = model.contract.graphs
    if tags is None:
        graph, _ = served_graphs(model.contract, model.contract)
    else:
        fitting = [graph for graph in graphs if graph.tags == tags]
        if not fitting:
            have = ', '.join(show_tags(graph.tags) for graph in graphs)
            raise InputError(f'{path} has no tag set {show_tags(tags)}; it has {have}')
        graph = fitting[0]
    if key not in graph.signatures:
        have = ', '.join(graph.signatures) or 'none'
        raise InputError(f'{path} has no signature {key} in its tag set {show_tags(graph.tags)}; it has {have}')
    return Chosen(model, graph, graph.signatures[key])


def cases_for(chosen: Chosen, requests: Sequence[Request], seed: int) -> list[Case]:
    """The requests as cases; without any, one that is made up. InputError where they don't fit."""
    if requests:
        others = [each for each in requests if each.signature not in ('', chosen.signature.key)]
        if others:
            raise InputError(f'{others[0].name} is for the signature {others[0].signature}')
        for each in requests:
            check_names(each, chosen.signature)
        cases = fitted([Request(each.name, each.values, chosen.signature.key) for each in requests], chosen.signature)
        for case in cases:
            check_shapes(case, chosen.signature)
        return cases
    meta_graph = chosen.model.meta_graph(chosen.graph)
    side = Side(graph_of(meta_graph), Assets(chosen.model.path, meta_graph))
    made_up = make_up_inputs(side, chosen.signature, chosen.signature, seed)
    if not made_up.cases:
        raise InputError(made_up.description)
    return [made_up.cases[0]]


def run_signature(chosen: Chosen, cases: Sequence[Case], how: How) -> list[Answer]:
    """What it returns for each case, in their order. Whatever goes wrong is in the answers."""
    names = [name for tensor in chosen.signature.inputs.values() for name in tensor.names_in_a_call]
    artifact = Artifact(chosen.model.path, chosen.graph.tags, initialise_tables=True)
    job = Job(artifact, chosen.signature.key, how.loader, cases, frozenset(names), once=True)
    done: list[SideRun] = []
    stopped = threading.Event()
    with scratch_folder() as folder:
        python = how.python or sys.executable
        runner = Runner(python, folder / 'run', how.timeout, how.memory, stopped, how.progress)
        runner.run([[job]], lambda _, run: done.append(run))
        (side,) = done
        (ran,) = side.jobs
        answers = []
        for case in cases:
            run = ran.cases.get(case.name)
            error = side.error or ran.error or (run.error if run else 'was not run')
            why = misfit(error, case.tensors)
            outputs = run.outputs('first') if run and not error else {}
            answers.append(Answer(case.name, case.tensors, outputs, why or error, bool(why)))
    return answers
