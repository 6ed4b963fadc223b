"""Tells from the graph of which rank a tensor must be, where its signature doesn't: what the ops behind it ask for."""

from __future__ import annotations

from typing import Any

from migrate.saved_model import graph as graphs
from migrate.saved_model.graph import Graph, Use
from migrate.verify.vocabularies import constant

# The rank that an op asks of its input number so and so.
_ASKED = {
    **dict.fromkeys((('Switch', 1), ('RefSwitch', 1), ('If', 0), ('StatelessIf', 0), ('LoopCond', 0)), 0),
    **dict.fromkeys((('Assert', 0), ('Range', 0), ('Range', 1), ('Range', 2), ('TopKV2', 1)), 0),
    **dict.fromkeys(((op, 0) for op in ('DecodeJpeg', 'DecodePng', 'DecodeBmp', 'DecodeGif', 'DecodeImage')), 0),
    **dict.fromkeys((('DecodeAndCropJpeg', 0), ('ParseSingleExample', 0)), 0),
    **dict.fromkeys((('ParseExample', 0), ('ParseExampleV2', 0), ('StringSplit', 0), ('StringSplitV2', 0)), 1),
    **dict.fromkeys((('Reshape', 1), ('BiasAdd', 1), ('Fill', 0), ('Tile', 1), ('RandomUniform', 0)), 1),
    **dict.fromkeys((('Conv2D', 0), ('DepthwiseConv2dNative', 0), ('MaxPool', 0), ('AvgPool', 0)), 4),
}
_KEEPS = (
    *('Identity', 'IdentityN', 'Snapshot', 'StopGradient', 'PreventGradient', 'PlaceholderWithDefault', 'Cast'),
    *('Switch', 'RefSwitch', 'Merge', 'Enter', 'Exit', 'NextIteration', 'DecodeBase64', 'Slice', 'Pad', 'PadV2'),
    *('Tile', 'Transpose', 'SplitV', 'Split', 'Concat', 'ConcatV2', 'Select'),
)
# How much lower the rank is behind an op.
_LOWERS = {
    **{'ExpandDims': -1, 'Pack': -1, 'Unpack': 1, 'TensorArrayScatterV3': 1},
    **{'TensorListFromTensor': 0, 'TensorListGetItem': 1},
}
_ARITHMETIC = ('Add', 'AddV2', 'Sub', 'Mul', 'Identity', 'Switch', 'Merge', 'Enter', 'Cast')
_MEETINGS = ('Add', 'AddV2', 'GreaterEqual', 'Greater', 'Less', 'LessEqual')


def asked(use: Use, lowered: int | None) -> frozenset[int]:
    """The rank that a use asks of a tensor, whose rank was lowered by so much on the way to it (None: who knows)."""
    rank = _ASKED.get((use.node.op, use.position))
    if rank and lowered and use.node.op == 'ParseExampleV2':
        rank = 0  # it takes both, vectors and scalars: one element of a batch
    return frozenset() if rank is None or lowered is None else frozenset([rank + lowered])


def lowered_by(node: Any) -> int | None:
    """How much lower the rank of what a node hands on is than that of what it takes; None where that isn't known."""
    if node.op in _KEEPS:
        return 0
    if node.op == 'StridedSlice':
        removed, added = (int(node.attr[f'{name}_mask'].i) for name in ('shrink_axis', 'new_axis'))
        return removed.bit_count() - added.bit_count()
    if node.op == 'Squeeze':
        return len(node.attr['squeeze_dims'].list.i)  # without any it takes what has no dimension to remove
    return _LOWERS.get(node.op)


def of_default(graph: Graph, tensor: str) -> frozenset[int]:
    """The rank of the default that the graph has for a tensor."""
    node = graph.node_of(tensor)
    value = constant(graph, node, 0) if node is not None and node.op == 'PlaceholderWithDefault' else None
    return frozenset() if value is None else frozenset([value.ndim])


def is_of_dropout(graph: Graph, tensor: str) -> bool:
    """Whether a tensor is compared with, or added to, uniform random numbers: how dropout uses its probability."""
    todo, seen = [graph.tensor(tensor)], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for node, position in graph.uses(name):
            others = [other for number, other in enumerate(graphs.inputs(node)) if number != position]
            if node.op in _MEETINGS and any(_is_uniform(graph, other) for other in others):
                return True
            if node.op in _ARITHMETIC:
                todo += graph.outputs(node)
    return False


def _is_uniform(graph: Graph, tensor: str) -> bool:
    """Whether a tensor is made of uniform random numbers in some range."""
    for _ in range(10):
        node = graph.node_of(tensor)
        if node is None or node.op in ('RandomUniform', 'StatelessRandomUniform', 'StatelessRandomUniformV2'):
            return node is not None
        if node.op not in ('Add', 'AddV2', 'Sub', 'Mul', 'Identity'):
            return False
        # `uniform * (most - least) + least`: the random numbers stand first.
        tensor = graphs.inputs(node)[0]
    return False
