"""What comes out of the rewrite of a file: plain data, no syntax nodes."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rewriters.findings import Finding, Place


class Writer(enum.Enum):
    """The form that a rewritten export takes."""

    TF_FUNCTION = 'tf.function'
    GRAPH_FUNCTION = 'graph function'
    SESSION = 'session'


ALLOW = 'Add the form to `forms` in the settings, rewrite it by hand, or keep serving the model from TensorFlow 1.'


def not_allowed(writer: Writer) -> str:
    """Why a form is not taken that nothing else is in the way of."""
    return f'the settings do not allow the form `{writer.value}`'


@dataclass(frozen=True)
class PassedOver:
    """A form that an export site did not take, and why. `place` is what stood in the way, where that is one place."""

    form: str
    reason: str
    place: Place | None


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
    passed_over: tuple[PassedOver, ...] = ()
    """The forms before the one that was taken, in the order in which they are tried."""


@dataclass(frozen=True)
class Rewrite:
    """What came out of one file. `source` is the input, byte for byte, where nothing was rewritten."""

    source: bytes
    findings: tuple[Finding, ...]
    exports: tuple[ExportSummary, ...]
    support_modules: tuple[str, ...] = ()
    """Names of modules in `rewriters.support` that the new source imports and that must be placed beside it."""
