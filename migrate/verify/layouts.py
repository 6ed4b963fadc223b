"""Chooses how large the tensors of a case are, and how its switches stand.

Switches are scalars that turn something on or off for the whole call, as `is_training` does: every value that they can
have is tried on its own, so that one under which the model returns random numbers spoils no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migrate.saved_model.contract import Shape

BATCH_SIZES = (1, 2, 7)
_OTHER_SIZE = 3
"""For unknown dimensions that are no batch: the same everywhere, as lengths of one sequence must agree."""
_LONG_SIZE = 20
"""What a model cuts off, or pads, it may cut off beyond the usual size."""
_IMAGE_SIZE = 32
_IMAGE_RANK = 4
_MAX_ALONE = 4
_MAX_FLIPPED = 3

Settings = Mapping[str, Any]
"""The values of switches, by their names."""


@dataclass(frozen=True)
class Layout:
    """How large one case is. What has no known rank is a vector of the batch, unless the names below say otherwise."""

    name: str
    batch: int
    scalars: frozenset[str] = frozenset()
    columns: bool = False
    other_size: int = _OTHER_SIZE
    """Of unknown dimensions that are no batch."""
    sizes: Mapping[str, Shape] = field(default_factory=dict)
    """Shapes of which more is known than what is declared."""

    def shape(self, name: str, declared: Shape) -> tuple[int, ...]:
        """The shape of an input, of which `declared` is known."""
        if declared is None:
            if name in self.scalars:
                return ()
            return (self.batch, 1) if self.columns else (self.batch,)
        other = _IMAGE_SIZE if len(declared) == _IMAGE_RANK else self.other_size
        unknown = (self.batch, *[other] * len(declared))
        known = self.sizes.get(name) or declared
        return tuple(unknown[place] if size is None else size for place, size in enumerate(known))


def is_batched(shapes: Mapping[str, Shape]) -> bool:
    return any(shape is not None and shape[:1] == (None,) for shape in shapes.values())


def layouts(shapes: Mapping[str, Shape], others: Mapping[str, Shape], lengths: Sequence[int] = ()) -> Iterator[Layout]:
    """The layouts to try for inputs of these shapes; `others` are those that the new model declares.

    Rows of unknown lengths get each of `lengths`, too.
    """
    batched = is_batched(shapes)
    unknown = [name for name, shape in shapes.items() if shape is None]
    if batched or unknown:
        yield from (Layout(f'batch of {size}', size) for size in BATCH_SIZES)
        yield from (Layout(f'batch of {size}, as the new model takes it', size) for size in _batches(shapes, others))
    else:
        yield from (Layout(f'sample {number}', 1) for number in (1, 2, 3))
    if unknown:
        yield from _of_unknown_ranks(unknown, batched)
    sizes = {name: _refined(shape, others.get(name)) for name, shape in shapes.items()}
    if sizes != dict(shapes):
        # The graph may take no other sizes than these, though the old signature doesn't say so.
        yield from (
            Layout(f'batch of {size}, as large as the new model takes it', size, sizes=sizes) for size in (2, 7)
        )
    elif any(shape is not None and len(shape) != _IMAGE_RANK and None in shape[1:] for shape in shapes.values()):
        yield Layout('longer rows', 2, other_size=_LONG_SIZE)
        yield from (Layout(f'rows of {length}', 2, other_size=length) for length in lengths)


def _batches(shapes: Mapping[str, Shape], others: Mapping[str, Shape]) -> list[int]:
    """The batch sizes that the new model insists on, and that are tried only therefore."""
    pairs = ((shape, others.get(name)) for name, shape in shapes.items())
    sizes = {other[0] for shape, other in pairs if shape and other and shape[0] is None and len(shape) == len(other)}
    return sorted(size for size in sizes if size and size not in BATCH_SIZES)


def _refined(shape: Shape, other: Shape) -> Shape:
    """A shape with the sizes that another one knows, but of no fixed batch."""
    if shape is None or other is None or len(shape) != len(other):
        return shape
    return tuple(size if size is not None or place == 0 else other[place] for place, size in enumerate(shape))


def _of_unknown_ranks(names: list[str], batched: bool) -> Iterator[Layout]:
    every = frozenset(names)
    yield Layout('scalars', 1, every)
    yield Layout('scalars beside a batch of 7', 7, every) if batched else Layout('other scalars', 1, every)
    if 1 < len(names) <= _MAX_ALONE:
        yield from (Layout(f'{name} as a scalar', 2, frozenset([name])) for name in names)
    if 2 < len(names) <= _MAX_ALONE:
        yield from (Layout(f'all but {name} as scalars', 2, every - {name}) for name in names)
    yield Layout('columns', 2, columns=True)


def flipped(switches: Mapping[str, tuple[Any, ...]]) -> Iterator[Settings]:
    """The settings beside the usual one, which is the first value of each: one switch flipped at a time."""
    usual = {name: values[0] for name, values in switches.items()}
    for name in sorted(switches)[:_MAX_FLIPPED]:
        yield usual | {name: switches[name][1]}


def show_settings(settings: Settings) -> str:
    return ', '.join(f'{name} = {value}' for name, value in sorted(settings.items()))
