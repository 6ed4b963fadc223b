"""Makes up the inputs of a signature, from its contract and from what the graph behind it does with them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from migrate.saved_model.compatibility import show_shape
from migrate.saved_model.contract import Shape, SignatureContract, TensorContract
from migrate.saved_model.graph import Graph
from migrate.verify.domains import Domain, domain_of
from migrate.verify.examples import Feature, features_of, serialize
from migrate.verify.runs import Case
from migrate.verify.values import Pick, known_count, to_array
from migrate.verify.vocabularies import MAX_KEYS, Assets
from migrate.verify.worker import Tensor

BATCH_SIZES = (1, 2, 7)
_OTHER_SIZE = 3
"""For unknown dimensions that are no batch: the same everywhere, as lengths of one sequence must agree."""
_IMAGE_SIZE = 32
_MAX_ROWS = MAX_KEYS
_MAX_ELEMENTS = 1_000_000


@dataclass(frozen=True)
class Inputs:
    """The cases of one signature. Without cases the description says why there are none."""

    cases: tuple[Case, ...]
    description: str


@dataclass(frozen=True)
class _Layout:
    """How large one case is. `unknown_rank` is the shape of what has no known rank, None in it the batch."""

    name: str
    batch: int
    unknown_rank: tuple[int | None, ...] = (None,)


@dataclass(frozen=True)
class _Input:
    """An input, and what the graph tells of its values."""

    contract: TensorContract
    domain: Domain
    features: tuple[Feature, ...] = ()

    @property
    def domains(self) -> list[Domain]:
        return [self.domain, *(feature.domain for feature in self.features)]

    def shape(self, layout: _Layout) -> tuple[int, ...]:
        shape = self.declared_shape
        if shape is None:
            shape = layout.unknown_rank
        other = _IMAGE_SIZE if len(shape) == 4 else _OTHER_SIZE
        return tuple(_size(size, place, layout, other) for place, size in enumerate(shape))

    @property
    def declared_shape(self) -> Shape:
        if self.contract.shape is None and self.domain.rank is not None:
            return (None,) * self.domain.rank
        return self.contract.shape

    def tensors(self, layout: _Layout, pick: Pick) -> dict[str, Tensor]:
        if self.contract.encoding == 'sparse':
            return self._sparse(layout, pick)
        shape = self.shape(layout)
        return {self.contract.name: self._tensor(shape, pick)}

    def _tensor(self, shape: tuple[int, ...], pick: Pick) -> Tensor:
        dtype = self.contract.dtype
        rows, row_size = (shape[0], math.prod(shape[1:])) if shape else (1, 1)
        values: list[Any] = []
        for row in range(rows):
            if self.domain.form == 'example':
                values += [serialize(list(self.features), row, pick) for _ in range(row_size)]
            else:
                values += pick.values(dtype, self.domain, row_size, row)
        return Tensor(dtype, to_array(dtype, values, shape))

    def _sparse(self, layout: _Layout, pick: Pick) -> dict[str, Tensor]:
        """A sparse tensor with about half of its elements, and at least one."""
        shape = self.shape(layout) or (layout.batch,)
        chosen = [cell for cell in range(math.prod(shape)) if cell == 0 or pick.number(2)]
        indices = np.stack(np.unravel_index(chosen, shape), axis=-1).astype(np.int64)
        values = pick.values(self.contract.dtype, self.domain, len(chosen))
        parts = (
            Tensor('int64', indices),
            Tensor(self.contract.dtype, to_array(self.contract.dtype, values, (len(chosen),))),
            Tensor('int64', np.array(shape, dtype=np.int64)),
        )
        return dict(zip(self.contract.names_in_a_call, parts, strict=True))


def _size(size: int | None, place: int, layout: _Layout, other: int) -> int:
    if size is not None:
        return size
    return layout.batch if place == 0 else other


def make_up_inputs(
    graph: Graph, assets: Assets, signature: SignatureContract, may_be_left_out: frozenset[str], seed: int
) -> Inputs:
    """Cases for a signature of the old model. Each of `may_be_left_out` is left out in one case."""
    unable = [tensor for tensor in signature.inputs.values() if _cannot_be_made(tensor)]
    if unable:
        what = ', '.join(f'"{tensor.name}" ({tensor.encoding} {tensor.dtype})' for tensor in unable)
        return Inputs((), f'no values can be made up for {what}')
    inputs = [_input(graph, assets, tensor) for tensor in signature.inputs.values()]
    if not inputs:
        return Inputs((Case('no inputs', {}),), 'takes no inputs')
    cases = tuple(_cases(inputs, may_be_left_out, seed))
    return Inputs(cases, 'made up: ' + '; '.join(_describe(each) for each in inputs))


def _cannot_be_made(tensor: TensorContract) -> bool:
    return tensor.encoding == 'composite' or tensor.dtype in ('resource', 'variant')


def _input(graph: Graph, assets: Assets, contract: TensorContract) -> _Input:
    values = contract.tensors[1] if contract.encoding == 'sparse' else contract.tensors[0]
    domain = domain_of(graph, values, assets)
    features = features_of(domain.parser, assets) if domain.parser else []
    return _Input(contract, domain, tuple(features))


def _cases(inputs: list[_Input], may_be_left_out: frozenset[str], seed: int) -> Iterator[Case]:
    for number, layout in enumerate(_layouts(inputs)):
        yield _case(layout.name, inputs, layout, Pick(seed + number))
    known = max((known_count(domain) for each in inputs for domain in each.domains), default=0)
    if known:
        rows = _rows_for(inputs, known)
        yield _case('every known value', inputs, _Layout('', rows), Pick(seed + 100, walks=True))
    if any(feature.shape is None for each in inputs for feature in each.features):
        yield _case('several values in a feature', inputs, _Layout('', 2), Pick(seed + 103, several=True))
    if any(domain.takes_unknown for each in inputs for domain in each.domains):
        yield _case('unknown values', inputs, _Layout('', 2), Pick(seed + 101, unknown=True))
    for name in sorted(may_be_left_out):
        rest = [each for each in inputs if each.contract.name != name]
        case = _case(f'without {name}', rest, _Layout('', 2), Pick(seed + 102))
        yield replace(case, leaves_out=name)


def _case(name: str, inputs: list[_Input], layout: _Layout, pick: Pick) -> Case:
    tensors: dict[str, Tensor] = {}
    for each in inputs:
        tensors |= each.tensors(layout, pick)
    return Case(name, tensors)


def _layouts(inputs: list[_Input]) -> Iterator[_Layout]:
    shapes = [each.declared_shape for each in inputs]
    if any(shape is None or shape[:1] == (None,) for shape in shapes):
        yield from (_Layout(f'batch of {size}', size) for size in BATCH_SIZES)
    else:
        yield from (_Layout(f'sample {number}', 1) for number in (1, 2, 3))
    if None in shapes:
        yield _Layout('scalars', 1, ())
        yield _Layout('columns', 2, (None, 1))


def _rows_for(inputs: list[_Input], known: int) -> int:
    """As many rows as it takes to name each known value, within reason."""
    needed, largest_row = 1, 1
    for each in inputs:
        row = math.prod(each.shape(_Layout('', 1))[1:])
        counts = [(each.domain, row), *((feature.domain, _row_size(feature)) for feature in each.features)]
        needed = max(needed, *(math.ceil(known_count(domain) / max(size, 1)) for domain, size in counts))
        largest_row = max(largest_row, *(size for _, size in counts))
    return max(1, min(needed, known, _MAX_ROWS, _MAX_ELEMENTS // largest_row))


def _row_size(feature: Feature) -> int:
    return math.prod(size for size in feature.shape or () if size is not None)


def _describe(each: _Input) -> str:
    contract, domain = each.contract, each.domain
    shape = show_shape(each.declared_shape)
    text = f'{contract.name} {contract.dtype} {shape if each.declared_shape is not None else "of several shapes"}'
    if domain.form == 'example':
        known = sum(1 for feature in each.features if feature.domain.known)
        from_graph = f', {known} of them with values that the graph knows' if known else ''
        return f'{text}, tf.Example with {len(each.features)} features{from_graph}'
    if domain.known:
        what = 'ids' if isinstance(domain.known, range) else 'keys of a table'
        first = 'the first ' if len(domain.known) == MAX_KEYS else ''
        return f'{text}, {first}{len(domain.known)} {what}'
    forms = {'image': ', PNG images', 'number': ', numbers as text'}
    return text + forms.get(domain.form, '')
