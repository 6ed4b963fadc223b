"""Models with one signature that are written node by node: no TensorFlow is needed for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from migrate.saved_model.contract import read_contract
from migrate.saved_model.graph import graph_of
from migrate.saved_model.schema import message_class, parse_binary
from migrate.verify.inputs import Inputs, Side, make_up_inputs
from migrate.verify.vocabularies import Assets
from tests.migrate.saved_model.messages import FLOAT, INT32, INT64, STRING, add_placeholder, saved_model


class Model:
    """A model with one signature `a`, to which nodes are added."""

    def __init__(self, directory: Path, **inputs: tuple[int, list[int] | None]) -> None:
        self._directory = directory
        self.rows: dict[str, tuple[int, ...]] = {}
        """Those of variables that deserve a look."""
        self.message = saved_model({'a': {'inputs': inputs}})
        self.graph = self.message.meta_graphs[0]
        for name, (dtype, shape) in inputs.items():
            add_placeholder(self.message, name, dtype, shape or [])

    def node(self, name: str, op: str, *inputs: str, **attributes: Any) -> Any:
        return add_node(self.graph.graph_def.node, name, op, *inputs, **attributes)

    def constant(self, name: str, dtype: int, shape: list[int], values: list[Any]) -> str:
        field = {INT32: 'int_val', INT64: 'int64_val', STRING: 'string_val', FLOAT: 'float_val'}[dtype]
        tensor = message_class('TensorProto')(dtype=dtype, **{field: values})
        tensor.tensor_shape.SetInParent()
        for size in shape:
            tensor.tensor_shape.dim.add(size=size)
        self.node(name, 'Const').attr['value'].tensor.CopyFrom(tensor)
        return name

    def table(self, words: list[bytes], handle: str = 'table') -> str:
        self.node(handle, 'HashTableV2')
        self.node('init', 'InitializeTableV2', handle, self.constant('keys', STRING, [len(words)], words), 'values')
        return handle

    @property
    def side(self) -> Side:
        return Side(graph_of(self.graph), Assets(self._directory, self.graph, self.rows))

    def inputs(self, seed: int = 0, is_small: bool = False, new: Model | None = None) -> Inputs:
        signature = read_contract(self._directory, self.message).graphs[0].signatures['a']
        return make_up_inputs(self.side, signature, signature, seed, is_small, new.side if new else None)

    def values(self, case: str, name: str = 'x') -> Any:
        (found,) = [each for each in self.inputs().cases if each.name == case]
        return found.tensors[name].array

    def every(self, name: str = 'x') -> list[Any]:
        return [value for case in self.inputs().cases for value in case.tensors[name].array.ravel().tolist()]


def add_node(nodes: Any, name: str, op: str, *inputs: str, **attributes: Any) -> Any:
    node = nodes.add(name=name, op=op)
    node.input.extend(inputs)
    for key, value in attributes.items():
        node.attr[key].CopyFrom(message_class('AttrValue')(**value))
    return node


def shape(*sizes: int) -> dict[str, Any]:
    return {'shape': {'dim': [{'size': size} for size in sizes]}}


def features(serialized: bytes) -> dict[str, list[Any]]:
    found = {}
    for key, feature in parse_binary('Example', serialized).features.feature.items():
        found[key] = list(getattr(feature, feature.WhichOneof('kind')).value)
    return found
