"""What comes out of rewriting the sites of one module."""

from __future__ import annotations

from dataclasses import dataclass

from rewriters.findings import Finding, Place
from rewriters.outcome import ExportSummary


@dataclass(frozen=True)
class SiteResult:
    """The module with its sites rewritten. `consumed` are the stretches that are gone from it."""

    text: str
    findings: tuple[Finding, ...] = ()
    exports: tuple[ExportSummary, ...] = ()
    consumed: tuple[Place, ...] = ()
    support_modules: tuple[str, ...] = ()
    switches: bool = False
    """Whether the new text calls disable_v2_behavior()."""
