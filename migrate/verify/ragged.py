"""Makes up ragged tensors: their values, and where each row of them begins."""

from __future__ import annotations

import math

import numpy as np

from migrate.saved_model.contract import Shape, TensorContract
from migrate.saved_model.graph import Graph
from migrate.saved_model.schema import data_type_name, tensor_shape
from migrate.verify.domains import Domain
from migrate.verify.values import Pick, to_array
from migrate.verify.worker import Tensor

_MOST = 3


def part_of(graph: Graph, tensor: str) -> tuple[str, Shape]:
    """Dtype and shape of a placeholder. A signature states neither for the parts of a ragged tensor."""
    node = graph.node_of(tensor)
    if node is None or 'dtype' not in node.attr:
        return 'invalid', None
    return data_type_name(node.attr['dtype'].type), tensor_shape(node.attr['shape'].shape)


def ragged(graph: Graph, contract: TensorContract, domain: Domain, rows: int, pick: Pick) -> dict[str, Tensor]:
    """The parts of a ragged tensor by their names in a call. Its first row is never empty, others may be."""
    parts = [part_of(graph, tensor) for tensor in contract.tensors]
    made = []
    for dtype, _ in parts[1:]:
        lengths = [
            1 if pick.walks or pick.landmarks else max(int(row == 0), pick.number(_MOST + 1)) for row in range(rows)
        ]
        splits = np.cumsum([0, *lengths])
        made.append(Tensor(dtype, splits.astype(dtype)))
        rows = int(splits[-1])
    dtype, shape = parts[0]
    inner = tuple(_MOST if size is None else size for size in (shape or ())[1:])
    values = pick.values(dtype, domain, rows * math.prod(inner))
    made.insert(0, Tensor(dtype, to_array(dtype, values, (rows, *inner))))
    return dict(zip(contract.names_in_a_call, made, strict=True))
