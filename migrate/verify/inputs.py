"""Makes up the inputs of a signature, from its contract and from what the graph behind it does with them."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from migrate.saved_model.compatibility import show_shape
from migrate.saved_model.contract import Shape, SignatureContract, TensorContract
from migrate.saved_model.graph import Graph
from migrate.verify import ranks
from migrate.verify.both_graphs import widened, widened_features
from migrate.verify.domains import Domain, columns_of_sparse, domain_of
from migrate.verify.examples import Feature, features_of, serialize
from migrate.verify.layouts import BATCH_SIZES, Layout, Settings, flipped, is_batched, layouts, show_settings
from migrate.verify.ragged import part_of, ragged
from migrate.verify.runs import Case
from migrate.verify.sizes import Sizes, sizes_asked
from migrate.verify.values import Pick, in_base64, known_count, landmarks_of, large_of, to_array
from migrate.verify.vocabularies import MAX_KEYS, Assets
from migrate.verify.worker import Tensor

_MAX_ROWS = MAX_KEYS
_MAX_ELEMENTS = 1_000_000
_MAX_LANDMARKS = 100
_MANY = 33
_MAX_ROW_OF_MANY = 10_000
_MAX_BATCHES = 4
_MAX_LENGTHS = 3


@dataclass(frozen=True)
class Inputs:
    """The cases of one signature. Without cases the description says why there are none."""

    cases: tuple[Case, ...]
    description: str


class Side(NamedTuple):
    """The graph of one of the models, and its assets."""

    graph: Graph
    assets: Assets


@dataclass(frozen=True)
class _Input:
    """An input, and what the graphs tell of its values."""

    graph: Graph
    contract: TensorContract
    domain: Domain
    features: tuple[Feature, ...]
    sizes: Sizes
    """Those that a model compares its size with."""
    is_of_dropout: bool = False
    """Whether it is how much dropout keeps, or drops."""

    @property
    def name(self) -> str:
        return self.contract.name

    @property
    def domains(self) -> list[Domain]:
        return [self.domain, *(feature.domain for feature in self.features)]

    def shape(self, layout: Layout) -> tuple[int, ...]:
        return layout.shape(self.name, self.declared_shape)

    def values_as_switch(self, layout: Layout) -> tuple[Any, ...]:
        """What it can be set to, the usual first; empty if it is no switch."""
        if self.contract.encoding != 'dense' or self.shape(layout):
            return ()
        if self.is_of_dropout:
            return (1.0, 0.0)  # it keeps all or drops nothing: anything else returns random numbers
        return (False, True) if self.contract.dtype == 'bool' else ()

    @property
    def declared_shape(self) -> Shape:
        if self.contract.encoding == 'ragged':
            return (None,)  # of its rows no more is said here
        shape = self.contract.fed_shape if self.contract.shape is None else self.contract.shape
        rank = 0 if self.is_of_dropout else self.domain.rank
        return (None,) * rank if shape is None and rank is not None else shape

    def tensors(self, layout: Layout, settings: Settings, pick: Pick) -> dict[str, Tensor]:
        if self.contract.encoding == 'sparse':
            return self._sparse(layout, pick)
        if self.contract.encoding == 'ragged':
            return ragged(self.graph, self.contract, self.domain, layout.batch, pick)
        if self.name in settings:
            return {self.name: Tensor(self.contract.dtype, to_array(self.contract.dtype, [settings[self.name]], ()))}
        return {self.name: self._tensor(self.shape(layout), pick)}

    def _tensor(self, shape: tuple[int, ...], pick: Pick) -> Tensor:
        dtype = self.contract.dtype
        rows, row_size = (shape[0], math.prod(shape[1:])) if shape else (1, 1)
        values: list[Any] = []
        for row in range(rows):
            if self.domain.form == 'example':
                values += [self._example(row, pick) for _ in range(row_size)]
            else:
                values += pick.values(dtype, self.domain, row_size, row)
        if values and not any(values) and not self.domain.known and not pick.landmarks and not pick.large:
            values[0] = 1  # nothing but zeros would prove little
        return Tensor(dtype, to_array(dtype, values, shape))

    def _example(self, row: int, pick: Pick) -> bytes:
        example = serialize(list(self.features), row, pick, self.domain.in_json)
        return in_base64(example) if self.domain.in_base64 else example

    def _sparse(self, layout: Layout, pick: Pick) -> dict[str, Tensor]:
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


def make_up_inputs(
    side: Side,
    signature: SignatureContract,
    other: SignatureContract,
    seed: int,
    is_small: bool = False,
    new: Side | None = None,
) -> Inputs:
    """Cases for a signature of the old model; `other` is that of the new one, `new` its graph, if it is another.

    Each input that has a default on both sides is left out in one case. A small model gets a large batch, too.
    """
    unable = [tensor for tensor in signature.inputs.values() if _cannot_be_made(tensor)]
    if unable:
        what = ', '.join(f'"{tensor.name}" ({tensor.encoding} {tensor.dtype})' for tensor in unable)
        return Inputs((), f'no values can be made up for {what}')
    inputs = [_input(side, tensor) for tensor in signature.inputs.values()]
    if new:
        inputs = [_widened(each, new, other.inputs.get(each.name)) for each in inputs]
    if not inputs:
        return Inputs((Case('no inputs', {}),), 'takes no inputs')
    cases = (*_cases(inputs, other, seed), *(replace(case, apart=True) for case in _apart(inputs, seed, is_small)))
    return Inputs(cases, 'made up: ' + '; '.join(_describe(each) for each in inputs))


def _cannot_be_made(tensor: TensorContract) -> bool:
    return tensor.encoding == 'composite' or tensor.dtype in ('resource', 'variant')


def _input(side: Side, contract: TensorContract) -> _Input:
    graph, assets = side
    values = contract.tensors[1] if contract.encoding == 'sparse' else contract.tensors[0]
    domain = domain_of(graph, values, assets)
    features = features_of(domain.parser, assets) if domain.parser else []
    floats = contract.dtype.startswith(('float', 'bfloat')) and not contract.shape and contract.encoding == 'dense'
    if contract.encoding == 'ragged':
        contract = replace(contract, dtype=part_of(graph, values)[0])
    if contract.encoding == 'sparse' and contract.shape in (None, (None, None)):
        columns = columns_of_sparse(graph, values)
        contract = replace(contract, shape=(None, columns)) if columns else contract
    sizes = functools.reduce(Sizes.merged, (sizes_asked(graph, tensor) for tensor in contract.tensors))
    return _Input(graph, contract, domain, tuple(features), sizes, floats and ranks.is_of_dropout(graph, values))


def _widened(old: _Input, new: Side, contract: TensorContract | None) -> _Input:
    if contract is None or contract.encoding != old.contract.encoding or _cannot_be_made(contract):
        return old  # a difference of the contracts
    found = _input(new, contract)
    features = widened_features(old.features, found.features)
    sizes = old.sizes.merged(found.sizes)
    return replace(old, domain=widened(old.domain, found.domain), features=features, sizes=sizes)


def _may_be_left_out(inputs: list[_Input], other: SignatureContract) -> list[str]:
    """Inputs that have a default on both sides. One that lost it is a difference of the contracts."""
    having = {name for name, tensor in other.inputs.items() if tensor.has_default}
    return sorted(each.name for each in inputs if each.contract.has_default and each.name in having)


def _cases(inputs: list[_Input], other: SignatureContract, seed: int) -> Iterator[Case]:
    others = {name: tensor.shape for name, tensor in other.inputs.items()}
    lengths = _lengths(inputs)
    every_layout = list(layouts(_shapes(inputs), others, lengths))
    for number, layout in enumerate(every_layout):
        yield _case(layout.name, inputs, layout, Pick(seed + number))
    for size in _further_batches(inputs):
        yield _case(f'batch of {size}', inputs, Layout('', size), Pick(seed + 200 + size))
    alike = _alike(inputs)
    if alike:
        case = _case('the same for several inputs', inputs, Layout('', 2), Pick(seed + 105))
        yield replace(case, tensors={**case.tensors, **{name: case.tensors[alike[name]] for name in alike}})
    known = max((known_count(domain) for each in inputs for domain in each.domains), default=0)
    if known:
        rows = _rows_for(inputs, known)
        yield _case('every known value', inputs, Layout('', rows), Pick(seed + 100, walks=True))
    aimed = max((len(domain.aimed) for each in inputs for domain in each.domains), default=0)
    if aimed:
        yield _case('rows that differ', inputs, Layout('', aimed), Pick(seed + 109, aimed=True))
    foreign = max((len(domain.foreign) for each in inputs for domain in each.domains), default=0)
    if foreign:
        yield _case('values that only the new model knows', inputs, Layout('', foreign), Pick(seed + 110, foreign=True))
    if any(feature.shape is None for each in inputs for feature in each.features):
        yield _case('several values in a feature', inputs, Layout('', 2), Pick(seed + 103, several=3))
        for length in lengths:
            yield _case(f'{length} values in a feature', inputs, Layout('', 2), Pick(seed + 111, several=length))
    landmarks = max(map(_rows_of_landmarks, inputs), default=0)
    if landmarks:
        yield _case(
            'values beside constants',
            inputs,
            Layout('', min(landmarks, _MAX_LANDMARKS)),
            Pick(seed + 104, landmarks=True),
        )
    if any(domain.deserves_small for each in inputs for domain in each.domains):
        yield _case('small numbers', inputs, Layout('', 2), Pick(seed + 112, small=True))
    if any(domain.takes_unknown for each in inputs for domain in each.domains):
        yield _case('unknown values', inputs, Layout('', 2), Pick(seed + 101, unknown=True))
    for name in _may_be_left_out(inputs, other):
        rest = [each for each in inputs if each.name != name]
        case = _case(f'without {name}', rest, Layout('', 2), Pick(seed + 102))
        yield replace(case, leaves_out=name, setting=', '.join(filter(None, [case.setting, f'without {name}'])))
    # Last of all: a model that is told to train changes its state.
    for number, layout in enumerate(every_layout):
        # Where numbers are centred within their batch, those of a batch of one are all zero.
        if layout.batch > 1 or all(each.batch == 1 for each in every_layout):
            for settings in flipped(_switches(inputs, layout)):
                name = f'{layout.name}, {show_settings(settings)}'
                yield _case(name, inputs, layout, Pick(seed + number), settings)


def _apart(inputs: list[_Input], seed: int, is_small: bool) -> Iterator[Case]:
    """Cases that may be too much for a model."""
    rows = {len(large_of(each.contract.dtype, each.domain)) for each in inputs}
    if any(rows):
        yield _case('whole numbers that overflow', inputs, Layout('', max(rows)), Pick(seed + 106, large=True))
    if not is_batched(_shapes(inputs)):
        return
    row = sum(math.prod(each.shape(Layout('', 1))) for each in inputs)
    if is_small and row <= _MAX_ROW_OF_MANY:
        yield _case(f'batch of {_MANY}', inputs, Layout('', _MANY), Pick(seed + 107))
    if all(each.contract.encoding == 'dense' and (each.declared_shape or ())[:1] == (None,) for each in inputs):
        yield _case('empty batch', inputs, Layout('', 0), Pick(seed + 108))


def _further_batches(inputs: list[_Input]) -> list[int]:
    """Batches that are as large as the constants that the model compares sizes with, and one larger."""
    if not is_batched(_shapes(inputs)):
        return []
    asked = {size for each in inputs for size in each.sizes.batches}
    wanted = sorted({size for each in asked for size in (each, each + 1)} - set(BATCH_SIZES))
    return wanted[:_MAX_BATCHES]


def _lengths(inputs: list[_Input]) -> list[int]:
    """Rows that are one longer than what the model cuts them to, or asks for."""
    lengths = sorted({length for each in inputs for length in each.sizes.lengths})
    return [length + 1 for length in lengths[-_MAX_LENGTHS:]]


def _alike(inputs: list[_Input]) -> dict[str, str]:
    """Inputs that can be fed what another one gets, by their names."""
    first: dict[tuple[str, Shape], str] = {}
    found = {}
    for each in inputs:
        takes_any = replace(each.domain, ranks=frozenset(), landmarks=(), large=(), deserves_small=False) == Domain()
        if each.contract.encoding == 'dense' and each.declared_shape and takes_any:
            other = first.setdefault((each.contract.dtype, each.declared_shape), each.name)
            if other != each.name:
                found[each.name] = other
    return found


def _shapes(inputs: list[_Input]) -> dict[str, Shape]:
    return {each.name: each.declared_shape for each in inputs}


def _switches(inputs: list[_Input], layout: Layout) -> dict[str, tuple[Any, ...]]:
    values = {each.name: each.values_as_switch(layout) for each in inputs}
    return {name: possible for name, possible in values.items() if possible}


def _case(name: str, inputs: list[_Input], layout: Layout, pick: Pick, settings: Settings | None = None) -> Case:
    if settings is None:
        settings = {name: values[0] for name, values in _switches(inputs, layout).items()}
    tensors: dict[str, Tensor] = {}
    for each in inputs:
        tensors |= each.tensors(layout, settings, pick)
    return Case(name, tensors, setting=show_settings(settings))


def _rows_for(inputs: list[_Input], known: int) -> int:
    """As many rows as it takes to name each known value, within reason."""
    needed, largest_row = 1, 1
    for each in inputs:
        row = math.prod(each.shape(Layout('', 1))[1:])
        counts = [(each.domain, row), *((feature.domain, _row_size(feature)) for feature in each.features)]
        needed = max(needed, *(math.ceil(known_count(domain) / max(size, 1)) for domain, size in counts))
        largest_row = max(largest_row, *(size for _, size in counts))
    return max(1, min(needed, known, _MAX_ROWS, _MAX_ELEMENTS // largest_row))


def _rows_of_landmarks(each: _Input) -> int:
    """How many rows it takes for all values at which the model may change its ways."""
    row = max(1, math.prod(each.shape(Layout('', 1))[1:]))
    counts = [(len(landmarks_of(each.contract.dtype, each.domain)), row)]
    counts += [(len(landmarks_of(feature.dtype, feature.domain)), _row_size(feature)) for feature in each.features]
    return max(math.ceil(count / max(size, 1)) for count, size in counts)


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
    if each.is_of_dropout:
        return f'{text}, 1 or 0 as dropout uses it'
    if contract.dtype == 'bool' and each.declared_shape == ():
        return f'{text}, False and True'
    numbers = {'number': ', numbers as text', 'integer': ', integers as text', 'digits': ', digits'}
    forms = {'image': ', PNG images', **numbers}
    return text + forms.get(domain.form, '')
