"""Says of Estimators that are left alone what keeps the support module from standing in."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from rewriters.canned_estimators import CANNED, left_maker
from rewriters.findings import Confidence, Finding, Place
from rewriters.kept_estimators.names import NOT_AMONG_THE_FILES, SUPPORT_MODULE, find_names
from rewriters.names.codes import GONE
from rewriters.names.places import Locator
from rewriters.site_codes import ESTIMATOR_LEFT_ALONE, KEPT_ESTIMATOR
from rewriters.site_result import SiteResult
from rewriters.symbols import Symbols, canonical, dotted_name

ADVICE = (
    'Export the model once more with the TensorFlow that the code was written for, and keep serving it, or derive a '
    'tf.Module from the model_fn by hand.'
)

_WITH_ALL_FILES = (
    'Run `savedmodel-migrate rewrite` over the whole project: files that work with the same Estimators change '
    'together. Where that file is none of the project: '
)


def say_why(result: SiteResult, obstacle: str) -> SiteResult:
    """The same, with the reason in the findings at the exports."""
    return replace(result, findings=tuple(_with_obstacle(finding, obstacle) for finding in result.findings))


def say_where(
    findings: Sequence[Finding], text: str, symbols: Symbols, consumed: Sequence[Place], obstacle: str
) -> list[Finding]:
    """Says the reason where Estimators are made, in a file of which no finding says it at an export.

    A file that makes none is told of where it first uses what belongs to them. What was rewritten is left out.
    """
    if any(finding.code in (ESTIMATOR_LEFT_ALONE, CANNED) for finding in findings):
        return []
    locator = Locator(text)

    def stays(node: ast.expr | ast.stmt) -> bool:
        return not any(place.covers(locator.place(node)) for place in consumed)

    uses = find_names(symbols)
    canned = [use for use in uses.canned if stays(use.node)]
    left = list(filter(stays, uses.made)) or ([] if canned else list(filter(stays, uses.of_estimators))[:1])
    makers = [left_maker(canonical(use.qualified), use.spelled, locator.place(use.node)) for use in canned]
    return [*makers, *(_at_name(node, obstacle, locator.place(node)) for node in left)]


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
    message = f'{finding.message}; nor can {SUPPORT_MODULE} stand in: {obstacle}'
    return replace(finding, message=message, advice=_advice(finding.advice, obstacle))


def _at_name(node: ast.expr | ast.stmt, obstacle: str, place: Place) -> Finding:
    what = f'`{dotted_name(node)}`' if isinstance(node, ast.Attribute | ast.Name) else 'this import'
    message = f'{what} is left alone, and raises an error with TensorFlow 2.16 and later: {obstacle}'
    return Finding(ESTIMATOR_LEFT_ALONE, Confidence.MANUAL, place, message, _advice(ADVICE, obstacle))


def _advice(advice: str, obstacle: str) -> str:
    """The way on. A hook is handed the files of one commit only."""
    if NOT_AMONG_THE_FILES not in obstacle:
        return advice
    return _WITH_ALL_FILES + advice[0].lower() + advice[1:]
