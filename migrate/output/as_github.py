"""Findings as workflow commands: GitHub Actions shows each beside its line in a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.codemod import Outcome
from migrate.output.places import Would, would
from migrate.report.text import visible
from rewriters import Confidence, Finding

_LEVELS = {Confidence.EQUIVALENT: 'notice', Confidence.REVIEW: 'warning', Confidence.MANUAL: 'error'}


def commands(outcome: Outcome, *, verbose: bool, written: bool) -> Iterator[str]:
    """The commands for one file: what keeps a check from passing as errors, what a person should check as warnings."""
    report = outcome.report
    if report.error:
        yield _command('error', report.error, file=report.path, title='savedmodel-migrate')
    change = None if written else would(outcome)
    if change is not None:
        yield _change(report.path, change)
    for finding in report.findings:
        if verbose or finding.confidence is not Confidence.EQUIVALENT:
            yield _finding(report.path, finding)


def _change(path: str, change: Would) -> str:
    return _command('error', change.message, file=path, line=change.line, title='savedmodel-migrate rewrite')


def _finding(path: str, finding: Finding) -> str:
    place = finding.place
    where = {'line': place.line, 'endLine': place.end_line}
    if place.line == place.end_line:
        where |= {'col': place.column, 'endColumn': place.end_column}
    title = f'{finding.code} ({finding.confidence.value})'
    message = f'{finding.message}\n{finding.advice}' if finding.advice else finding.message
    return _command(_LEVELS[finding.confidence], message, file=path, **where, title=title)


def _command(level: str, message: str, **properties: str | int) -> str:
    shown = ','.join(f'{name}={_property(str(value))}' for name, value in properties.items())
    return f'::{level} {shown}::{_data(message)}'


def _data(text: str) -> str:
    return visible(text).replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _property(text: str) -> str:
    return _data(text).replace(':', '%3A').replace(',', '%2C')
