"""Says of Estimators that are left alone what keeps the support module from standing in."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriters.canned_estimators import CANNED, left_maker
from rewriters.findings import Confidence, Finding
from rewriters.kept_estimators.names import SUPPORT_MODULE, Uses, find_names
from rewriters.names.codes import GONE
from rewriters.names.places import Locator
from rewriters.site_codes import ESTIMATOR_LEFT_ALONE, KEPT_ESTIMATOR
from rewriters.site_result import SiteResult
from rewriters.source import parse
from rewriters.symbols import Symbols, dotted_name

ADVICE = (
    'Export the model once more with the TensorFlow that the code was written for, and keep serving it, or derive a '
    'tf.Module from the model_fn by hand.'
)


def say_why(result: SiteResult, obstacle: str, symbols: Symbols | None) -> SiteResult:
    """The same, with the reason in the findings: at the exports or, in a file without any, where Estimators are made.

    A file that makes none, either, is told of where it first uses what belongs to them. `symbols` are those of the
    text, where they are known.
    """
    findings = tuple(_with_obstacle(finding, obstacle) for finding in result.findings)
    if not any(finding.code in (ESTIMATOR_LEFT_ALONE, CANNED) for finding in findings):
        uses = find_names(symbols or Symbols.from_tree(parse(result.text)))
        findings += tuple(_at_names(uses, obstacle, Locator(result.text)))
    return replace(result, findings=findings)


def say_what_is_left(findings: Sequence[Finding]) -> list[Finding]:
    """The same; an Estimator that is kept in a file with names that are gone is said to wait for them."""
    gone = sum(finding.code == GONE for finding in findings)
    names = 'name is' if gone == 1 else f'{gone} names are'
    first = next((finding for finding in findings if finding.code == KEPT_ESTIMATOR), None) if gone else None
    message = f'; the file does not run yet where its {names} gone from TensorFlow 2 ({GONE})'
    return [replace(each, message=each.message + message) if each is first else each for each in findings]


def _with_obstacle(finding: Finding, obstacle: str) -> Finding:
    if finding.code != ESTIMATOR_LEFT_ALONE:
        return finding
    return replace(finding, message=f'{finding.message}; nor can {SUPPORT_MODULE} stand in: {obstacle}')


def _at_names(uses: Uses, obstacle: str, locator: Locator) -> Iterator[Finding]:
    yield from (left_maker(use.spelled, locator.place(use.node)) for use in uses.canned)
    made = uses.made or ([] if uses.canned else uses.of_estimators[:1])
    for node in made:
        what = f'`{dotted_name(node)}`' if isinstance(node, ast.Attribute | ast.Name) else 'this import'
        message = f'{what} is left alone, and raises an error with TensorFlow 2.16 and later: {obstacle}'
        yield Finding(ESTIMATOR_LEFT_ALONE, Confidence.MANUAL, locator.place(node), message, ADVICE)
