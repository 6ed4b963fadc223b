"""Findings as SARIF 2.1.0, for code scanning services and editors; what `rewrite` would do is in it as fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from migrate import __version__
from migrate.codemod import Outcome
from migrate.files import NOTEBOOK
from migrate.output.places import Replacement, in_cell, replacements, would
from migrate.report.sources import FileReport
from migrate.report.text import visible
from rewriters import Confidence, Finding, Place
from rewriters.explanations import EXPLANATIONS

_HOME = 'https://github.com/savedmodel-migrate/savedmodel-migrate'
_LEVELS = {Confidence.EQUIVALENT: 'note', Confidence.REVIEW: 'warning', Confidence.MANUAL: 'error'}
_CHANGE = 'would-change'
"""The rule of the results that hold the fixes: one for each file that `rewrite` changes."""


def render(outcomes: Iterable[Outcome], *, written: bool) -> str:
    """One run, as JSON text. Where files were `written` already, there is nothing left to fix."""
    outcomes = list(outcomes)
    results = [result for outcome in outcomes for result in _results(outcome, written)]
    codes = sorted({result['ruleId'] for result in results})
    for result in results:
        result['ruleIndex'] = codes.index(result['ruleId'])
    failed = [outcome for outcome in outcomes if outcome.report.error]
    run = {
        'tool': {
            'driver': {
                'name': 'savedmodel-migrate',
                'version': __version__,
                'informationUri': _HOME,
                'rules': list(map(_rule, codes)),
            }
        },
        'columnKind': 'unicodeCodePoints',
        'invocations': [
            {'executionSuccessful': not failed, 'toolExecutionNotifications': list(map(_notification, failed))}
        ],
        'results': results,
    }
    document = {'$schema': 'https://json.schemastore.org/sarif-2.1.0.json', 'version': '2.1.0', 'runs': [run]}
    return json.dumps(document, indent=2) + '\n'


def _results(outcome: Outcome, written: bool) -> Iterator[dict[str, Any]]:
    report = outcome.report
    change = None if written else would(outcome)
    if change is not None:
        yield {
            'ruleId': _CHANGE,
            'level': 'error',
            'message': {'text': change.message},
            'locations': [_location(report, change.place)],
        } | ({} if report.path.endswith(NOTEBOOK) else {'fixes': [_fix(report.path, replacements(report))]})
    for finding in report.findings:
        yield _result(report, finding)


def _result(report: FileReport, finding: Finding) -> dict[str, Any]:
    text = in_cell(report, finding.place) + finding.message + (f'\n{finding.advice}' if finding.advice else '')
    return {
        'ruleId': finding.code,
        'level': _LEVELS[finding.confidence],
        'message': {'text': visible(text)},
        'locations': [_location(report, finding.place)],
        'properties': {'confidence': finding.confidence.value},
    }


def _fix(path: str, changes: Iterable[Replacement]) -> dict[str, Any]:
    made = [
        {'deletedRegion': _region(change.place), 'insertedContent': {'text': _encodable(change.text)}}
        for change in changes
    ]
    return {
        'description': {'text': 'What `savedmodel-migrate rewrite` writes'},
        'artifactChanges': [{'artifactLocation': {'uri': _uri(path)}, 'replacements': made}],
    }


def _notification(outcome: Outcome) -> dict[str, Any]:
    return {
        'level': 'error',
        'message': {'text': visible(outcome.report.error)},
        'locations': [_location(outcome.report, None)],
    }


def _location(report: FileReport, place: Place | None) -> dict[str, Any]:
    """Where it is; in a notebook, whose lines are not those of the file, only in which file."""
    where: dict[str, Any] = {'artifactLocation': {'uri': _uri(report.path)}}
    if place is not None and not report.path.endswith(NOTEBOOK):
        where['region'] = _region(place)
    return {'physicalLocation': where}


def _region(place: Place) -> dict[str, int]:
    return {
        'startLine': place.line,
        'startColumn': place.column,
        'endLine': place.end_line,
        'endColumn': place.end_column,
    }


def _uri(path: str) -> str:
    quoted = quote(os.fsencode(path))
    return f'file://{quoted}' if Path(path).is_absolute() else quoted


def _encodable(text: str) -> str:
    """Source may hold halves of characters, which no JSON reader has to take; no code that we write has any."""
    return text.encode('utf-8', 'replace').decode()


def _rule(code: str) -> dict[str, Any]:
    if code == _CHANGE:
        return {'id': code, 'shortDescription': {'text': '`savedmodel-migrate rewrite` would change the file'}}
    about = EXPLANATIONS[code]
    return {
        'id': code,
        'shortDescription': {'text': about.title},
        'fullDescription': {'text': about.paragraphs[0]},
        'help': {'text': '\n\n'.join(about.paragraphs), 'markdown': '\n\n'.join(about.paragraphs)},
    }
