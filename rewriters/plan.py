"""ExportPlan: what one export site serves. Readers make it, writers turn it into code."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import libcst as cst

from rewriters.findings import Place


class Kind(enum.Enum):
    """The kind of a signature, named as in `tf.compat.v1.saved_model` (`*_METHOD_NAME`)."""

    PREDICT = 'predict'
    CLASSIFY = 'classify'
    REGRESS = 'regress'


class Writer(enum.Enum):
    """The form that a rewritten export takes."""

    TF_FUNCTION = 'tf.function'
    GRAPH_FUNCTION = 'graph function'
    SESSION = 'session'


@dataclass(frozen=True)
class NamedTensor:
    """One input or output of a signature: the name that clients use, and the tensor's expression in the source."""

    name: str
    tensor: cst.BaseExpression


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

    `statements` are the nodes (by identity) of every statement that belongs to the site; a writer replaces the last
    and drops the others. `place` is where a finding about the site points.
    """

    reader: str
    place: Place
    directory: cst.BaseExpression
    tags: tuple[str, ...]
    signatures: tuple[Signature, ...]
    session: str
    statements: tuple[cst.CSTNode, ...]
    init_op: cst.BaseExpression | None = None
    assets_collection: cst.BaseExpression | None = None
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ExportSummary:
    """What the application shows of an export site: plain data, no syntax nodes.

    `writer` is None where the site was left alone.
    """

    reader: str
    place: Place
    directory: str
    signatures: tuple[tuple[str, str], ...]
    """(signature key, kind) pairs; empty where the reader could not tell."""
    writer: str | None
