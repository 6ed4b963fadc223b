"""Which signatures of a model get which method names, and what speaks against it: all without TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from migrate.convert.refusal import Refusal
from migrate.method_names.rules import KINDS, PREFIX, broken_rules, possible_kinds
from migrate.saved_model.compatibility import show_tags
from migrate.saved_model.contract import Contract, GraphContract, read_contract
from migrate.saved_model.reading import read_saved_model


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    names: Mapping[str, str] = field(default_factory=dict)
    """By the key of the signature: classify, regress, predict, or the whole name."""
    like: Path | None = None
    """The model that has the right names already; `names` count before it."""
    tags: frozenset[str] | None = None
    """Only this tag set; None is all."""


@dataclass(frozen=True)
class SignatureName:
    """The method name of one signature in one tag set."""

    tags: tuple[str, ...]
    key: str
    method_name: str
    wanted: str
    """The name that it is to get: the same where nothing is asked for."""
    may_be: tuple[str, ...]
    """The kinds that TensorFlow Serving would answer."""
    broken_rules: tuple[str, ...]
    """The rules that it breaks with the name that it is to get."""

    @property
    def changes(self) -> bool:
        return self.wanted != self.method_name


def plan(model: Path, request: Request) -> tuple[SignatureName, ...]:
    """The signatures of the tag sets that are meant, with the names that they are to get.

    Raises Refusal if something is asked of a signature or tag set that is not there, ModelError if a model can't be
    read.
    """
    contract = _read(model)
    graphs = _meant(contract, request.tags, model)
    keys = sorted({key for graph in graphs for key in graph.signatures})
    for key in request.names:
        if key not in keys:
            raise Refusal(f'{model} has no signature "{key}"', f'It has {", ".join(keys) or "none"}.')
    old = _read(request.like) if request.like else None
    return tuple(
        _named(graph, key, _wanted(graph, key, request, old, contract))
        for graph in graphs
        for key in sorted(graph.signatures)
    )


def only_in_other(model: Path, request: Request) -> tuple[str, ...]:
    """The keys that only the model has whose names are taken: nothing here could get these."""
    if request.like is None:
        return ()
    here, there = ({key for graph in _read(each).graphs for key in graph.signatures} for each in (model, request.like))
    return tuple(sorted(there - here))


def full_name(name: str) -> str:
    """`classify` for short; TensorFlow's own names in full."""
    if name.removeprefix(PREFIX) not in KINDS:
        raise ValueError(f'"{name}" is no method name: it is {", ".join(KINDS[:-1])} or {KINDS[-1]}')
    return PREFIX + name.removeprefix(PREFIX)


def _read(model: Path) -> Contract:
    return read_contract(model, read_saved_model(model))


def _meant(contract: Contract, tags: frozenset[str] | None, model: Path) -> list[GraphContract]:
    graphs = [graph for graph in contract.graphs if tags is None or graph.tags == tags]
    if not graphs and tags is not None:
        present = ', '.join(sorted(show_tags(graph.tags) for graph in contract.graphs))
        raise Refusal(f'{model} has no tag set {show_tags(tags)}', f'It has {present}.')
    return graphs


def _wanted(graph: GraphContract, key: str, request: Request, old: Contract | None, new: Contract) -> str:
    if key in request.names:
        return full_name(request.names[key])
    same = _same_tags(graph, old, new) if old else None
    if same and key in same.signatures and same.signatures[key].method_name:
        return same.signatures[key].method_name
    return graph.signatures[key].method_name


def _same_tags(graph: GraphContract, old: Contract, new: Contract) -> GraphContract | None:
    """Its counterpart in the old model. Where there is only one on each side, their tags may differ."""
    if len(old.graphs) == len(new.graphs) == 1:
        return old.graphs[0]
    return next((each for each in old.graphs if each.tags == graph.tags), None)


def _named(graph: GraphContract, key: str, wanted: str) -> SignatureName:
    signature = graph.signatures[key]
    rules = broken_rules(signature, wanted)
    return SignatureName(
        tuple(sorted(graph.tags)), key, signature.method_name, wanted, possible_kinds(signature), rules
    )
