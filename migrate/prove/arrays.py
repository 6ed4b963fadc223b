"""Compares the arrays that a project writes, as the outputs of models are compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from migrate.saved_model.fingerprint import fingerprint
from migrate.verify.comparison import Comparison, compare
from migrate.verify.results import OutputResult, Side, SignatureResult, Verdict, Verification, WorstElement
from migrate.verify.worker import Tensor

_OUTPUT = 'array'


def verify_arrays(old: Path, new: Path) -> Verification:
    """Compares two .npy files. What goes wrong on the way is part of the result: nothing is raised for it."""
    try:
        old_array, new_array = _read(old), _read(new)
    except (OSError, ValueError) as error:
        return Verification(Side(str(old)), Side(str(new)), Verdict.ERROR, str(error))
    output = _judged(old_array, compare(old_array, new_array))
    # With its name, for the sum of a project's results is put together from the messages.
    message = f'{new.name} is {output.verdict.value}' + (f': {output.message}' if output.message else '')
    signature = SignatureResult(
        key=new.name,
        verdict=output.verdict,
        message=message,
        old_method_name='',
        new_method_name='',
        cases=1,
        inputs='what the project itself feeds',
        outputs=(output,),
    )
    return Verification(_side(old), _side(new), output.verdict, message, (signature,))


def _side(path: Path) -> Side:
    return Side(str(path), fingerprint=fingerprint(path))


def _read(path: Path) -> Tensor:
    """Reads an array; raises ValueError where it holds Python objects, or what TensorFlow knows no dtype for."""
    try:
        array = np.load(path, allow_pickle=False)
    except (EOFError, ValueError) as error:
        raise ValueError(f"{path} can't be read: {error}") from None
    if not isinstance(array, np.ndarray):
        raise ValueError(f'{path} is not a .npy file')
    if array.dtype.kind in 'SU':
        values = [value if isinstance(value, bytes) else value.encode() for value in array.ravel().tolist()]
        strings = np.empty(array.size, dtype=object)
        strings[:] = values
        return Tensor('string', strings.reshape(array.shape))
    if array.dtype.kind not in 'biufc':
        raise ValueError(f"{path} holds {array.dtype}, which can't be compared")
    return Tensor(array.dtype.name, array)


def _judged(old: Tensor, comparison: Comparison) -> OutputResult:
    verdict, message = comparison.verdict, comparison.message
    if comparison.empty and verdict in (Verdict.IDENTICAL, Verdict.EQUAL):
        verdict, message = Verdict.INCONCLUSIVE, 'there is no value other than NaN in it: nothing was compared'
    differ = comparison.old or comparison.new
    return OutputResult(
        name=_OUTPUT,
        verdict=verdict,
        message=message,
        dtype=old.dtype,
        shape=str(list(old.array.shape)),
        max_abs_difference=comparison.max_abs_difference,
        max_magnitude=comparison.max_magnitude,
        worst=WorstElement('array', comparison.index, comparison.old, comparison.new) if differ else None,
    )
