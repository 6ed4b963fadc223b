"""Finds the sizes at which a model changes its ways: constants that the shape of an input is compared with."""

from __future__ import annotations

from migrate.saved_model import graph as graphs
from migrate.saved_model.graph import Graph, Use
from migrate.verify.vocabularies import constant

_SIZES = ('Shape', 'ShapeN', 'Size')
_KEPT = (
    *('Identity', 'Cast', 'StridedSlice', 'Gather', 'GatherV2', 'Unpack', 'Squeeze', 'Reshape', 'ExpandDims', 'Prod'),
    *('Switch', 'Merge', 'Enter', 'Exit', 'Pack', 'Slice'),
)
_COMPARISONS = (
    *('Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Minimum', 'Maximum', 'FloorMod'),
    *('FloorDiv', 'Range', 'LoopCond'),
)
_LARGEST = 64
_MOST_NODES = 20_000


def sizes_asked(graph: Graph, tensor: str) -> frozenset[int]:
    """The constants that sizes of a tensor, and of all that is computed from it, are compared with; small ones."""
    found: set[int] = set()
    todo: list[tuple[Graph, str, bool]] = [(graph, graph.tensor(tensor), False)]
    seen: set[tuple[int, str, bool]] = set()
    while todo and len(seen) < _MOST_NODES:
        here, name, is_size = todo.pop()
        if (id(here), name, is_size) in seen:
            continue
        seen.add((id(here), name, is_size))
        todo += [(outer, result, is_size) for outer, result in graphs.left(here, name)]
        for node, position in here.uses(name):
            use = Use(here, node, position)
            inside = graphs.entered(use)
            if inside is not None:
                todo.append((*inside, is_size))
                continue
            if is_size:
                found.update(_compared_with(use))
            if not is_size or node.op in _KEPT:
                becomes_size = is_size or node.op in _SIZES
                todo += [(here, output, becomes_size) for output in here.outputs(node)]
    return frozenset(found)


def _compared_with(use: Use) -> list[int]:
    if use.node.op not in _COMPARISONS:
        return []
    values = (constant(use.graph, use.node, place) for place in range(3) if place != use.position)
    numbers = [value.item() for value in values if value is not None and value.size == 1]
    return [int(number) for number in numbers if isinstance(number, int | float) and 1 < number <= _LARGEST]
