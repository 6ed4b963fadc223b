"""Makes requests for a new model that takes other shapes: the same values, row by row, in the shapes that it takes.

A client that sends what the old model took is refused, and that is the verdict. But whether the outputs are the same
once the client was changed is worth knowing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from migrate.saved_model.contract import Shape, SignatureContract
from migrate.verify.runs import Case
from migrate.verify.worker import Tensor

_MOST = 3


def with_reshaped(cases: Sequence[Case], old: SignatureContract, new: SignatureContract) -> tuple[Case, ...]:
    """The cases, and some more where the new model takes none of their shapes."""
    others = {
        name: new.inputs[name].shape
        for name, tensor in old.inputs.items()
        if name in new.inputs and tensor.encoding == new.inputs[name].encoding == 'dense'
    }
    if len(others) < len(old.inputs) or any(_takes_all(case, others) for case in cases):
        return tuple(cases)
    found = (_reshaped(row, others) for case in cases if not case.leaves_out for row in _rows(case, old))
    return (*cases, *islice((case for case in found if case), _MOST))


def to_send(cases: Sequence[Case]) -> list[str]:
    """What a client must change, if its requests were changed so here."""
    changes = {
        name: f'"{name}" as {list(tensor.array.shape)} instead of {list(case.tensors[name].array.shape)}'
        for case in cases
        for name, tensor in case.instead.items()
    }
    if not changes:
        return []
    return [f'compared with inputs in the shapes that the new model takes: send {", ".join(changes.values())}']


def _takes_all(case: Case, shapes: Mapping[str, Shape]) -> bool:
    return all(_takes(shapes[name], tensor.array.shape) for name, tensor in case.tensors.items() if name in shapes)


def _takes(declared: Shape, shape: tuple[int, ...]) -> bool:
    if declared is None:
        return True
    return len(declared) == len(shape) and all(a in (None, b) for a, b in zip(declared, shape, strict=True))


def _rows(case: Case, signature: SignatureContract) -> Iterator[Case]:
    """Each row of a batch as a case of its own; the case as it is where it is no batch."""
    shapes = [signature.inputs[name].shape for name in case.tensors]
    sizes = {len(tensor.array) if tensor.array.ndim else 0 for tensor in case.tensors.values()}
    if len(sizes) != 1 or 0 in sizes or not all(shape is None or shape[:1] == (None,) for shape in shapes):
        yield case
        return
    for row in range(sizes.pop()):
        tensors = {name: Tensor(each.dtype, each.array[row : row + 1]) for name, each in case.tensors.items()}
        yield replace(
            case, name=f'row {row + 1} of {case.name}, in the shape that the new model takes', tensors=tensors
        )


def _reshaped(case: Case, shapes: Mapping[str, Shape]) -> Case | None:
    """The case with what the new model gets instead; None where its shapes don't hold as many values."""
    instead: dict[str, Tensor] = {}
    for name, tensor in case.tensors.items():
        shape = _fitting(shapes[name], tensor.array.shape)
        if shape is None:
            return None
        if shape != tensor.array.shape:
            instead[name] = Tensor(tensor.dtype, tensor.array.reshape(shape))
    return replace(case, instead=instead)


def _fitting(declared: Shape, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """A shape that is declared so and has as many elements; None if there is none, or more than one."""
    if declared is None or _takes(declared, shape):
        return shape
    known, size = math.prod(each for each in declared if each is not None), math.prod(shape)
    unknown = sum(each is None for each in declared)
    if unknown > 1 or known == 0 or size % known or (not unknown and size != known):
        return None
    return tuple(size // known if each is None else each for each in declared)
