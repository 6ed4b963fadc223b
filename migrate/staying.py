"""Outcomes of files that stay as they are, although they can be rewritten: somebody or something is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from migrate.codemod import Outcome
from migrate.support_files import SupportFileError, check_support_files
from rewriters import Confidence


def declined(outcome: Outcome) -> Outcome:
    """The outcome of a file that stays as it is: of what was found, only that holds which no rewrite takes care of."""
    report = outcome.report
    findings = tuple(finding for finding in report.findings if finding.confidence is Confidence.MANUAL)
    return Outcome(replace(report, after=report.before, findings=findings, exports=()), outcome.before, outcome.before)


def blocked(outcome: Outcome, why: str) -> Outcome:
    """The outcome of a file that can't be written: that is its error."""
    left = declined(outcome)
    return replace(left, report=replace(left.report, error=why))


def without_blocked(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes; a file whose support modules can't be placed fails, as it will where it is written."""
    for outcome in outcomes:
        try:
            if outcome.support_modules:
                check_support_files(Path(outcome.report.path), outcome.support_modules)
        except SupportFileError as error:
            outcome = blocked(outcome, f'would not be rewritten: {error}')
        yield outcome
