"""Builds SavedModel messages for tests, without TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from migrate.saved_model.contract import Contract, read_contract
from migrate.saved_model.schema import message_class

FLOAT, INT32, STRING, INT64, BOOL = 1, 3, 7, 9, 10

Signatures = dict[str, dict[str, Any]]


def tensor_info(info: Any, dtype: int, shape: list[int] | None, name: str) -> None:
    """A shape of None is an unknown rank, a -1 in it an unknown dimension."""
    info.name = name
    info.dtype = dtype
    if shape is None:
        info.tensor_shape.unknown_rank = True
        return
    info.tensor_shape.SetInParent()
    for size in shape:
        info.tensor_shape.dim.add(size=size)


def saved_model(signatures: Signatures, tags: tuple[str, ...] = ('serve',), model: Any = None) -> Any:
    """Each signature has `inputs` and `outputs`, name to (dtype, shape), and maybe a `method_name`."""
    model = model or message_class('SavedModel')()
    graph = model.meta_graphs.add()
    graph.meta_info_def.tags.extend(tags)
    for key, signature in signatures.items():
        definition = graph.signature_def[key]
        definition.method_name = signature.get('method_name', 'tensorflow/serving/predict')
        for name, (dtype, shape) in signature.get('inputs', {}).items():
            tensor_info(definition.inputs[name], dtype, shape, f'{name}:0')
        for name, (dtype, shape) in signature.get('outputs', {}).items():
            tensor_info(definition.outputs[name], dtype, shape, f'{name}:0')
    return model


def contract(signatures: Signatures, **options: Any) -> Contract:
    return read_contract(Path('no such directory'), saved_model(signatures, **options))


def add_placeholder(model: Any, name: str, dtype: int, shape: list[int], op: str = 'Placeholder') -> Any:
    node = model.meta_graphs[0].graph_def.node.add(name=name, op=op)
    node.attr['dtype'].type = dtype
    node.attr['shape'].shape.SetInParent()
    for size in shape:
        node.attr['shape'].shape.dim.add(size=size)
    return node
