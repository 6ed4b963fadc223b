"""Finds the sizes at which a model changes its ways: constants that shapes are compared with, or rows cut at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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
_LONGEST = 600
_MOST_NODES = 20_000


class Sizes(NamedTuple):
    """The sizes that a model compares with those of an input."""

    batches: frozenset[int] = frozenset()
    lengths: frozenset[int] = frozenset()
    """Those that its rows may have: longer ones are cut, perhaps."""

    def merged(self, other: Sizes) -> Sizes:
        return Sizes(self.batches | other.batches, self.lengths | other.lengths)


def sizes_asked(graph: Graph, tensor: str) -> Sizes:
    """The constants that sizes of a tensor, and of all that is computed from it, are compared with or cut to."""
    compared: set[int] = set()
    cut: set[int] = set()
    for use, is_size in _uses(graph, tensor):
        if is_size:
            compared.update(_compared_with(use))
        else:
            cut.update(_cut_at(use))
    lengths = frozenset(size for size in compared | cut if 1 < size <= _LONGEST)
    return Sizes(frozenset(size for size in compared if 1 < size <= _LARGEST), lengths)


def _uses(graph: Graph, tensor: str) -> Iterator[tuple[Use, bool]]:
    """All uses of a tensor and of what is computed from it, each with whether it is of a size."""
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
            yield use, is_size
            todo += [(*branch, is_size) for branch in graphs.branches_entered(use)]
            if not is_size or node.op in _KEPT:
                becomes_size = is_size or node.op in _SIZES
                todo += [(here, output, becomes_size) for output in here.outputs(node)]


def _compared_with(use: Use) -> list[int]:
    if use.node.op not in _COMPARISONS:
        return []
    values = (constant(use.graph, use.node, place) for place in range(3) if place != use.position)
    numbers = [value.item() for value in values if value is not None and value.size == 1]
    return [int(number) for number in numbers if isinstance(number, int | float) and abs(number) <= _LONGEST]


def _cut_at(use: Use) -> list[int]:
    """Where a slice ends in each dimension, as far as constants say it."""
    if use.position != 0 or use.node.op not in ('Slice', 'StridedSlice'):
        return []
    ends = constant(use.graph, use.node, 2)
    if ends is None:
        return []
    open_ended = use.node.attr['end_mask'].i | use.node.attr['shrink_axis_mask'].i
    return [int(end) for place, end in enumerate(ends.ravel()) if not open_ended >> place & 1]
