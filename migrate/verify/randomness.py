"""Tells whether chance plays a part in a tensor: whether the graph has a random op before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from migrate.saved_model.graph import Graph, inputs

_RANDOM = (
    'Random',
    'Multinomial',
    'TruncatedNormal',
    'ParameterizedTruncatedNormal',
    'SampleDistortedBoundingBox',
    'UniformCandidateSampler',
    'LogUniformCandidateSampler',
    'LearnedUnigramCandidateSampler',
    'StatefulUniform',
    'StatefulStandardNormal',
    'StatefulTruncatedNormal',
    'StatefulRandom',
    'NonDeterministicInts',
)


def depends_on_chance(graph: Graph, tensors: Iterable[str]) -> bool:
    """Whether a node that makes one of the tensors, or the functions that it calls, draw random numbers."""
    todo = [tensor.split(':')[0] for tensor in tensors]
    seen: set[str] = set()
    while todo:
        name = todo.pop().lstrip('^').split(':')[0]
        node = graph.nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if node.op.startswith(_RANDOM) or _function_draws(graph, node, set()):
            return True
        if node.op not in ('Variable', 'VariableV2', 'VarHandleOp'):
            todo += inputs(node)
    return False


def _function_draws(graph: Graph, node: Any, seen: set[str]) -> bool:
    called = [name for name in _called(node) if name in graph.functions and name not in seen]
    seen.update(called)
    for name in called:
        for inner in graph.functions[name].node_def:
            if inner.op.startswith(_RANDOM) or _function_draws(graph, inner, seen):
                return True
    return False


def _called(node: Any) -> list[str]:
    """The functions in a node's attributes: of calls, branches and loops alike."""
    attributes = list(node.attr.values())
    single = [value.func.name for value in attributes if value.WhichOneof('value') == 'func']
    several = [function.name for value in attributes for function in value.list.func]
    return [node.op, *single, *several]
