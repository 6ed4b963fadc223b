"""Says how to go on with Estimators whose model_fn is inside of TensorFlow, where other files export them."""

from __future__ import annotations

from collections.abc import Sequence

from rewriters.canned_estimators import CANNED, left_maker
from rewriters.findings import Finding
from rewriters.kept_estimators.names import find_names
from rewriters.names.places import Locator
from rewriters.symbols import Symbols, canonical


def say_where_made(findings: Sequence[Finding], text: str, symbols: Symbols) -> list[Finding]:
    """The way out at each Estimator that a file makes, if no finding says it at an export."""
    if any(finding.code == CANNED for finding in findings):
        return []
    locator = Locator(text)
    made = find_names(symbols).canned
    return [left_maker(canonical(use.qualified), use.spelled, locator.place(use.node)) for use in made]
