"""ExportPlan: what one export site serves. Readers make it, writers turn it into code."""

from __future__ import annotations

import enum
from dataclasses import dataclass

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
