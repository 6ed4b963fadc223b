"""Tells what the values of a tensor depend on: walks backwards through graph and functions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from migrate.saved_model import graph as graphs
from migrate.saved_model.graph import Graph

# What these return depends on the shape of their input alone.
SHAPE_ONLY = ('Shape', 'ShapeN', 'Size', 'Rank', 'ZerosLike', 'OnesLike')


def inputs_behind(graph: Graph, tensors: Iterable[str], fed: Mapping[str, str]) -> frozenset[str]:
    """Those of the inputs that data flows from to one of the tensors; `fed` has their names, by tensor."""
    reached = _walk(graph, tensors, fed)
    return frozenset(fed[tensor] for here, tensor in reached if here.caller is None and tensor in fed)


def nodes_behind(graph: Graph, tensors: Iterable[str]) -> Iterator[Any]:
    """The nodes that data flows from to one of the tensors, also those in functions."""
    for here, tensor in _walk(graph, tensors, ()):
        node = here.node_of(tensor)
        if node is not None:
            yield node


def _walk(graph: Graph, tensors: Iterable[str], ends: Container[str]) -> Iterator[tuple[Graph, str]]:
    """Every tensor that data flows from, with the graph that it is in; nothing that is before one of the ends."""
    todo = [(graph, graph.tensor(tensor)) for tensor in tensors]
    seen: set[tuple[int, str]] = set()
    while todo:
        here, tensor = todo.pop()
        if (id(here), tensor) in seen:
            continue
        seen.add((id(here), tensor))
        yield here, tensor
        if here.caller is not None or tensor not in ends:
            todo += _before(here, tensor)


def _before(graph: Graph, tensor: str) -> list[tuple[Graph, str]]:
    """The tensors that a tensor is computed from. Loops and branches count as computed from all that they take."""
    node = graph.node_of(tensor)
    if node is None:
        outer = graphs.argument_of_caller(graph, tensor)
        return [(outer[0], outer[0].tensor(outer[1]))] if outer else []
    if node.op in SHAPE_ONLY:
        return []
    result = _result_in_body(graph, node, tensor)
    if result is not None:
        return [result]
    return [(graph, graph.tensor(name)) for name in graphs.inputs(node)]


def _result_in_body(graph: Graph, node: Any, tensor: str) -> tuple[Graph, str] | None:
    """What the function that a node calls returns as this output of it."""
    body = graph.body(node)
    if body is None or body.caller is None or body.depth() > 20:
        return None
    function = body.caller.function
    names = [argument.name for argument in function.signature.output_arg]
    _, *parts = tensor.split(':')  # `node:1`; in a function `node:output:1` or `node:name:0`
    if graph.caller is not None and node.op not in graphs.CALLS:
        name = parts[0]
    else:
        number = int(parts[-1])
        name = names[number] if number < len(names) else ''
    return (body, function.ret[name]) if name in function.ret else None
