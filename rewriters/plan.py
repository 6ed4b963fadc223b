"""ExportPlan: what one export site serves. Readers make it, writers turn it into code."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rewriters.findings import Place

if TYPE_CHECKING:  # Whoever only reads summaries doesn't wait for libcst.
    import libcst as cst


class Kind(enum.Enum):
    """The kind of a signature, named as in `tf.compat.v1.saved_model` (`*_METHOD_NAME`)."""

    PREDICT = 'predict'
    CLASSIFY = 'classify'
    REGRESS = 'regress'


@dataclass(frozen=True)
class NamedTensor:
    """One input or output of a signature: the name that clients use, and the tensor's expression in the source.

    `at` is the index of the region's step that the expression stands in: its names mean what they mean there.
    """

    name: str
    tensor: cst.BaseExpression
    at: int


@dataclass(frozen=True)
class Signature:
    """One entry of the signature map.

    `key` is the key's expression as it stands in the source, `key_value` the string that it means.
    """

    key: cst.BaseExpression
    key_value: str
    kind: Kind
    inputs: tuple[NamedTensor, ...]
    outputs: tuple[NamedTensor, ...]


@dataclass(frozen=True)
class ExportPlan:
    """Everything that the source says of one export site.

    `directory_at` is the index of the step that `directory` stands in. `statements` are the nodes of every statement
    that belongs to the site: a writer replaces the last and drops the others. `place` is where a finding about the
    site points.
    """

    reader: str
    place: Place
    directory: cst.BaseExpression
    directory_at: int
    signatures: tuple[Signature, ...]
    session: cst.BaseExpression
    statements: tuple[cst.CSTNode, ...]
    has_assets: bool = False
    """Whether the ASSET_FILEPATHS collection is exported with the graph."""


@dataclass(frozen=True)
class ReceiverInput:
    """One placeholder that a serving client feeds: its name there, and source text for its shape and dtype.

    `variable` is the name that the receiver function gives it; for a raw receiver, the feature's name. `parts` are
    the expressions that shape and dtype were read from.
    """

    name: str
    variable: str
    shape: str
    dtype: str
    parts: tuple[cst.BaseExpression, ...]


@dataclass(frozen=True)
class Receiver:
    """Where an Estimator's served features come from.

    A raw receiver hands its inputs on as the features. A parsing receiver has a `feature_spec`. Else `function` makes
    the features from placeholders; `features` is the expression that it returns for them, `wraps` whether TF1 puts
    that into a dict. `statements` are those that go away.
    """

    inputs: tuple[ReceiverInput, ...]
    statements: tuple[cst.CSTNode, ...] = ()
    feature_spec: cst.BaseExpression | None = None
    function: cst.FunctionDef | None = None
    features: cst.BaseExpression | None = None
    placeholders: tuple[tuple[cst.Call, str], ...] = ()
    """The calls in the function that make the placeholders, and the parameters that take their place."""
    wraps: bool = False
    shares_inputs: bool = False
    """Whether features and inputs are one dict, so that changing the features changes the inputs."""


@dataclass(frozen=True)
class EstimatorCall:
    """A call of an Estimator's method: the statement that it stands in, the call, and its arguments by parameter."""

    statement: cst.SimpleStatementLine
    call: cst.Call
    arguments: dict[str, cst.BaseExpression]


@dataclass(frozen=True)
class RunConfig:
    """What the RunConfig of an Estimator says. `statement` is the one that makes it, if it has a name.

    `session` and `saver` are the options of a MonitoredTrainingSession and of its Saver that say the same.
    """

    statement: cst.SimpleStatementLine | None = None
    model_dir: cst.BaseExpression | None = None
    seed: cst.BaseExpression | None = None
    session: tuple[tuple[str, cst.BaseExpression], ...] = ()
    saver: tuple[tuple[str, cst.BaseExpression], ...] = ()


@dataclass(frozen=True)
class EstimatorPlan:
    """Everything that the source says of one Estimator that is exported.

    `created` is the statement that makes it. `model_fn` is the function that it is made from; `parameters` are its
    parameters' roles by name: features, labels, mode, params.
    """

    place: Place
    created: cst.SimpleStatementLine
    model_fn: cst.FunctionDef
    parameters: tuple[str, ...]
    model_dir: cst.BaseExpression
    params: cst.BaseExpression | None
    trainings: tuple[EstimatorCall, ...]
    export: EstimatorCall
    receiver: Receiver
    config: RunConfig = RunConfig()
