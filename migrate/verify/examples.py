"""Makes up serialized tf.Example messages for the nodes that parse them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from migrate.saved_model.constants import tensor_value
from migrate.saved_model.contract import Shape
from migrate.saved_model.graph import Graph, Use, input_of, inputs
from migrate.saved_model.schema import as_json, message_class, tensor_shape
from migrate.verify.domains import Domain, domain_of, dtypes
from migrate.verify.values import Pick
from migrate.verify.vocabularies import Assets, constant

_MAX_VALUES = 3


@dataclass(frozen=True)
class Feature:
    """One feature that a parser looks for. `shape` is None for sparse and ragged ones: any number of values."""

    key: str
    dtype: str
    shape: Shape
    may_be_missing: bool
    domain: Domain
    nested: tuple[Feature, ...] = ()
    """The features of the tf.Example messages that it holds itself, if it does."""

    def count(self, row: int, pick: Pick) -> int:
        """How many values the feature gets in one row: never none in the first one."""
        if self.shape is None:
            most = pick.several or 1
            least = 1 if most <= _MAX_VALUES else most
            return 1 if pick.leaves_nothing_out else max(least * (row == 0), pick.number(most + 1))
        fixed = math.prod(size for size in self.shape if size is not None)
        return fixed if None not in self.shape else fixed * (1 + pick.number(_MAX_VALUES))


def features_of(parser: Use, assets: Assets) -> list[Feature]:
    """What a ParseExample, ParseExampleV2 or ParseSingleExample node reads out of its input."""
    reader = _READERS[parser.node.op]
    return [_with_nested(feature, assets) for feature in reader(_Parser(parser.graph, parser.node, assets))]


def _with_nested(feature: Feature, assets: Assets) -> Feature:
    parser = feature.domain.parser
    return replace(feature, nested=tuple(features_of(parser, assets))) if parser else feature


def serialize(features: list[Feature], row: int, pick: Pick, in_json: bool = False) -> bytes:
    """One tf.Example, maybe written as JSON. Every second row leaves out what has a default."""
    example = message_class('Example')()
    for feature in features:
        if feature.may_be_missing and row % 2 and not pick.leaves_nothing_out:
            continue
        count = feature.count(row, pick)
        if feature.nested:
            nested, in_json = list(feature.nested), feature.domain.in_json
            values = [serialize(nested, row, pick, in_json) for _ in range(count)]
        else:
            values = pick.values(feature.dtype, feature.domain, count, row)
        _fill(example.features.feature[feature.key], feature.dtype, values)
    if in_json:
        return as_json(example).encode()
    return bytes(example.SerializeToString(deterministic=True))


def _fill(feature: Any, dtype: str, values: list[Any]) -> None:
    if dtype == 'string':
        feature.bytes_list.value.extend(values)
    elif dtype == 'float32':
        feature.float_list.value.extend(values)
    else:
        feature.int64_list.value.extend(values)


class _Parser:
    """A parsing node, and how to get at its keys, types and results."""

    def __init__(self, graph: Graph, node: Any, assets: Assets) -> None:
        self.graph = graph
        self.node = node
        self._assets = assets

    def keys(self, position: int) -> list[str]:
        """A vector of keys, or one key: empty if it is no constant."""
        value = constant(self.graph, self.node, position)
        return [] if value is None else [key.decode('utf-8') for key in value.ravel()]

    def has_default(self, position: int) -> bool:
        # TensorFlow 1 gives a default its shape in the graph; one that there is not is an empty constant.
        source = input_of(self.graph, self.node, position)
        while source is not None and source.node.op == 'Reshape':
            source = input_of(source.graph, source.node, 0)
        value = tensor_value(source.node.attr['value'].tensor) if source and source.node.op == 'Const' else None
        return value is not None and value.size > 0

    def domain(self, name: str, number: int, flat_index: int) -> Domain:
        return domain_of(self.graph, self.graph.output(self.node, flat_index, name, number), self._assets)

    def sparse(self, keys: list[str], count: int) -> list[Feature]:
        types = dtypes(self.node.attr['sparse_types'].list.type)
        domains = [self.domain('sparse_values', number, count + number) for number in range(count)]
        return [Feature(*each[:2], None, True, each[2]) for each in zip(keys, types, domains, strict=True)]

    def dense(self, keys: list[str], sparse_count: int, first_default: int) -> list[Feature]:
        attributes = self.node.attr
        types = dtypes(attributes['Tdense'].list.type)
        shapes = [tensor_shape(shape) for shape in attributes['dense_shapes'].list.shape]
        features = []
        for number, (key, dtype, shape) in enumerate(zip(keys, types, shapes, strict=True)):
            any_number = shape is not None and None in shape
            missing = any_number or self.has_default(first_default + number)
            domain = self.domain('dense_values', number, 3 * sparse_count + number)
            features.append(Feature(key, dtype, shape, missing, domain))
        return features

    def ragged(self, keys: list[str], sparse_count: int, dense_count: int) -> list[Feature]:
        types = dtypes(self.node.attr['ragged_value_types'].list.type)
        features = []
        for number, (key, dtype) in enumerate(zip(keys, types, strict=True)):
            domain = self.domain('ragged_values', number, 3 * sparse_count + dense_count + number)
            features.append(Feature(key, dtype, None, True, domain))
        return features


def _parse_example(parser: _Parser) -> list[Feature]:
    sparse_count, dense_count = parser.node.attr['Nsparse'].i, parser.node.attr['Ndense'].i
    first = 2  # after the messages and their names
    sparse = [key for number in range(sparse_count) for key in parser.keys(first + number)]
    first += sparse_count
    dense = [key for number in range(dense_count) for key in parser.keys(first + number)]
    return [*parser.sparse(sparse, sparse_count), *parser.dense(dense, sparse_count, first + dense_count)]


def _parse_example_v2(parser: _Parser) -> list[Feature]:
    sparse, dense, ragged = (parser.keys(position) for position in (2, 3, 4))
    return [
        *parser.sparse(sparse, len(sparse)),
        *parser.dense(dense, len(sparse), 5),
        *parser.ragged(ragged, len(sparse), len(dense)),
    ]


def _parse_single_example(parser: _Parser) -> list[Feature]:
    sparse = [key.decode('utf-8') for key in parser.node.attr['sparse_keys'].list.s]
    dense = [key.decode('utf-8') for key in parser.node.attr['dense_keys'].list.s]
    return [
        *parser.sparse(sparse, len(sparse)),
        *parser.dense(dense, len(sparse), len(inputs(parser.node)) - len(dense)),
    ]


_READERS = {
    'ParseExample': _parse_example,
    'ParseExampleV2': _parse_example_v2,
    'ParseSingleExample': _parse_single_example,
}
