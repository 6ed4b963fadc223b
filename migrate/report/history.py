"""What earlier reports in the same folder counted. Each HTML report hands on what it knew, and its own counts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from migrate.report.model import Report
from migrate.report.sources import LEFT_ALONE
from migrate.report.summary import KEPT, Summary, summarise

_MARK = re.compile(r'<div hidden data-history="([^"]*)"></div>')
_CREATED = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d')
_LARGEST = 50_000_000
_MOST = 30


@dataclass(frozen=True, order=True)
class Moment:
    """What one report counted."""

    created: str
    sites: int
    left_alone: int
    manual: int
    review: int
    proven: int
    projects: int


def moment_of(report: Report) -> Moment:
    """What this report counts."""
    return _moment(report.created, summarise(report.projects))


def earlier(folder: Path, before: str) -> tuple[Moment, ...]:
    """What the reports in `folder` counted that are older than `before`, in order; the last of each minute."""
    found: dict[str, Moment] = {}
    for path in sorted([*folder.glob('*.html'), *folder.glob('*.json')]):
        try:
            if path.stat().st_size <= _LARGEST:
                text = path.read_text(encoding='utf-8', errors='replace')
                found |= {moment.created: moment for moment in _moments(path.suffix, text)}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue  # it is none of ours
    return tuple(sorted(moment for moment in found.values() if moment.created < before))[-_MOST:]


def handed_on(moments: tuple[Moment, ...]) -> str:
    """The moments as text for the next report; `_MARK` finds it in the page."""
    return json.dumps([asdict(moment) for moment in moments])


def _moments(suffix: str, text: str) -> Iterator[Moment]:
    if suffix == '.html':
        match = _MARK.search(text)
        for content in json.loads(html.unescape(match[1])) if match else ():
            yield _checked(content)
        return
    if '"schema_version"' not in text[:200]:
        return
    content = json.loads(text)
    counts = content['summary']
    sites = {name: int(number) for name, number in counts['export_sites'].items()}
    yield _checked(
        {
            'created': content['created'],
            'sites': sum(sites.values()),
            'left_alone': sites[LEFT_ALONE],
            'manual': counts['findings']['manual'],
            'review': counts['findings']['review'],
            'proven': sum(counts['proofs'][verdict] for verdict in KEPT),
            'projects': counts['projects'],
        }
    )


def _checked(content: dict[str, Any]) -> Moment:
    """A moment that a file speaks of: whoever wrote that, these are a time and numbers."""
    moment = Moment(**content)
    numbers = [number for name, number in content.items() if name != 'created']
    if not _CREATED.fullmatch(moment.created) or not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError('no counts of a report')
    return moment


def _moment(created: str, summary: Summary) -> Moment:
    return Moment(
        created,
        sum(summary.export_sites.values()),
        summary.export_sites[LEFT_ALONE],
        summary.findings['manual'],
        summary.findings['review'],
        sum(summary.proofs[verdict] for verdict in KEPT),
        summary.projects,
    )
