"""Findings as workflow commands: GitHub Actions shows each beside its line in a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.codemod import Outcome
from migrate.files import NOTEBOOK
from migrate.output.places import in_cell, would
from migrate.report.sources import FileReport
from migrate.report.text import visible
from rewriters import Confidence, Finding, Place

_LEVELS = {Confidence.EQUIVALENT: 'notice', Confidence.REVIEW: 'warning', Confidence.MANUAL: 'error'}


def commands(outcome: Outcome, *, verbose: bool, written: bool) -> Iterator[str]:
    """The commands for one file: what keeps a check from passing as errors, what a person should check as warnings."""
    report = outcome.report
    if report.error:
        yield _command('error', report.error, file=report.path, title='savedmodel-migrate')
    change = None if written else would(outcome)
    if change is not None:
        yield _command(
            'error', change.message, file=report.path, **_at(report, change.place), title='savedmodel-migrate'
        )
    for finding in report.findings:
        if verbose or finding.confidence is not Confidence.EQUIVALENT:
            yield _finding(report, finding)


def _finding(report: FileReport, finding: Finding) -> str:
    title = f'{finding.code} ({finding.confidence.value})'
    message = in_cell(report, finding.place) + finding.message + (f'\n{finding.advice}' if finding.advice else '')
    where = _at(report, finding.place)
    return _command(_LEVELS[finding.confidence], message, file=report.path, **where, title=title)


def _at(report: FileReport, place: Place) -> dict[str, int]:
    """Lines and columns; of a notebook none, for they are not those of the file."""
    if report.path.endswith(NOTEBOOK):
        return {}
    if place.line == place.end_line and place.column < place.end_column:
        return {'line': place.line, 'endLine': place.line, 'col': place.column, 'endColumn': place.end_column}
    return {'line': place.line, 'endLine': max(place.line, place.end_line)}


def _command(level: str, message: str, **properties: str | int) -> str:
    shown = ','.join(f'{name}={_property(str(value))}' for name, value in properties.items())
    return f'::{level} {shown}::{_data(message)}'


def _data(text: str) -> str:
    return visible(text).replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _property(text: str) -> str:
    return _data(text).replace(':', '%3A').replace(',', '%2C')
