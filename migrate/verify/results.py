"""What a verification finds out: plain data, made by `verify`, shown by `report`, stored as JSON by `prove`."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class Verdict(enum.Enum):
    """What can be said of a new model (or of a signature or output of it) against the old one."""

    IDENTICAL = 'identical'
    """Bit for bit the same."""
    EQUAL = 'equal'
    """Within tolerance."""
    DIFFERENT = 'different'
    INCOMPATIBLE = 'incompatible'
    """The contract breaks a client: a signature, input or output is missing or takes other values."""
    INCONCLUSIVE = 'inconclusive'
    """Nothing was proven; the message says why."""
    ERROR = 'error'
    """A side could not be read or run at all."""

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 equal, 1 not equal, 3 failed, 4 inconclusive."""
        return _EXIT_CODES[self]


_FROM_BEST_TO_WORST = (
    Verdict.IDENTICAL,
    Verdict.EQUAL,
    Verdict.INCONCLUSIVE,
    Verdict.DIFFERENT,
    Verdict.INCOMPATIBLE,
    Verdict.ERROR,
)
_EXIT_CODES = {
    Verdict.IDENTICAL: 0,
    Verdict.EQUAL: 0,
    Verdict.INCONCLUSIVE: 4,
    Verdict.DIFFERENT: 1,
    Verdict.INCOMPATIBLE: 1,
    Verdict.ERROR: 3,
}


def worst_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a whole, from those on its parts; nothing is proven by no parts."""
    return max(verdicts, key=_FROM_BEST_TO_WORST.index, default=Verdict.INCONCLUSIVE)


@dataclass(frozen=True)
class InputFile:
    """A file with inputs, and the signature that they are for, if that was said."""

    path: Path
    signature: str = ''


@dataclass(frozen=True)
class OutputTolerance:
    """How much an output may differ: `|new - old| <= atol + rtol * |old|`."""

    output: str
    """Its name, or `SIGNATURE/NAME`; empty for all outputs."""
    atol: float = 0.0
    rtol: float = 0.0


@dataclass(frozen=True)
class Pair:
    """What is verified: a new model against an old one."""

    old: Path
    new: Path
    seed: int = 0
    """Of the inputs that are made up."""
    inputs: tuple[InputFile, ...] = ()
    """Those that are given: for the signatures that they fit, none are made up."""
    replay: Path | None = None
    """What a verification stored, to run on the same inputs."""
    save: Path | None = None
    """Where the result and its inputs are written to."""
    tolerances: tuple[OutputTolerance, ...] = ()
    """Instead of those of the dtypes."""
    both_loaders: bool = False
    """Whether the new model is loaded in both ways, also if TensorFlow 1 code wrote it."""
    tags: frozenset[str] | None = None
    """The tag set that is compared, as the only one; else the one that is served."""


@dataclass(frozen=True)
class ContractDifference:
    """One thing that a client can see without running the model and that is not the same on both sides."""

    where: str
    """For a person: `signature "predict", input "images"`."""
    message: str
    breaking: bool
    """Whether a client that works with the old model may fail with the new one."""
    signature: str | None = None
    """The key of the signature that it belongs to, if it belongs to one."""


@dataclass(frozen=True)
class WorstElement:
    """The element in which the two sides differ most."""

    case: str
    index: tuple[int, ...]
    old: str
    new: str


@dataclass(frozen=True)
class OutputResult:
    """One output of a signature, over all cases."""

    name: str
    verdict: Verdict
    message: str
    dtype: str
    shape: str
    """The old side's shape in the case that is worst, as `[2, 3]`."""
    max_abs_difference: float | None = None
    """None where no number can be given: strings, missing outputs."""
    max_magnitude: float | None = None
    """Largest absolute finite value that the old side returned."""
    worst: WorstElement | None = None
    explanation: tuple[str, ...] = ()
    """What can be seen of a difference, for a person: the input, the spread, a first look at the cause."""

    @property
    def is_proven(self) -> bool:
        return self.verdict in (Verdict.IDENTICAL, Verdict.EQUAL)


@dataclass(frozen=True)
class SignatureResult:
    """One signature key, over all cases."""

    key: str
    verdict: Verdict
    message: str
    old_method_name: str
    new_method_name: str
    cases: int
    """How many sets of inputs both sides were run on."""
    inputs: str
    """Where the inputs came from and what they are, for a person, in one line."""
    outputs: tuple[OutputResult, ...] = ()
    contract: tuple[ContractDifference, ...] = ()
    notes: tuple[str, ...] = ()
    """What the verdict does not cover: cases that the old model refuses, a loader that a TensorFlow lacks."""


@dataclass(frozen=True)
class Side:
    """One of the two models, and what it was run with (`tensorflow` is empty where it was not run)."""

    path: str
    tensorflow: str = ''
    python: str = ''
    fingerprint: str = ''
    """Of what was compared: if the model has another one now, the result says nothing of it."""


@dataclass(frozen=True)
class Verification:
    """The whole result. `verdict` is the worst of its parts."""

    old: Side
    new: Side
    verdict: Verdict
    message: str
    signatures: tuple[SignatureResult, ...] = ()
    contract: tuple[ContractDifference, ...] = ()
    """Differences that belong to no signature of the old model: tag sets, assets, new signatures."""
