"""What `scan` and `rewrite` found as Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate.codemod import Outcome
from migrate.output.diffs import placed_names
from migrate.report.markdown_text import cell, code, details, fenced, inline, table
from migrate.report.sources import FileReport, line_of
from migrate.report.text import counted, visible
from rewriters import Confidence

_LIMIT = 60_000
"""GitHub takes 65,536 characters a comment."""


def render(outcomes: Iterable[Outcome], summary: str, *, verbose: bool, diffs: bool) -> str:
    """The findings, file by file, below the `summary`; what does not fit is counted in the last line."""
    text = f'### savedmodel-migrate\n\n{inline(summary)}\n'
    left_out = 0
    for outcome in outcomes:
        block = '\n\n'.join(_blocks(outcome, verbose, diffs))
        if not block:
            continue
        if left_out or len(text) + len(block) > _LIMIT:
            left_out += 1
        else:
            text += f'\n{block}\n'
    return text + (f'\n*{counted(left_out, "file")} left out here.*\n' if left_out else '')


def _blocks(outcome: Outcome, verbose: bool, diffs: bool) -> Iterator[str]:
    report = outcome.report
    rows = list(_rows(report, verbose))
    if not (rows or report.error or outcome.placed or (diffs and outcome.changed)):
        return
    yield f'#### {code(report.path)}'
    if report.error:
        yield f'**Failed:** {inline(report.error)}'
    if rows:
        yield table(('Line', 'What', 'Confidence', ''), rows)
    if outcome.placed:
        yield f'With it comes {" and ".join(map(code, placed_names(outcome)))}, which it needs.'
    if diffs and outcome.changed:
        from migrate.report.diff import unified

        yield details('What changes', fenced(unified(report.before, report.after, visible(report.path)), 'diff'))


def _rows(report: FileReport, verbose: bool) -> Iterator[tuple[str, str, str, str]]:
    for site in report.exports:
        signatures = ', '.join(code(key) for key, _ in site.signatures)
        form = inline(site.writer) if site.writer else '**left alone**'
        what = f'{cell(site.reader)}{": " if signatures else ""}{signatures}'
        yield line_of(report, site.place), 'export site', form, what
    for finding in report.findings:
        if verbose or finding.confidence is not Confidence.EQUIVALENT:
            advice = f'<br>→ {cell(finding.advice)}' if finding.advice else ''
            confidence = finding.confidence.value
            yield line_of(report, finding.place), finding.code, confidence, cell(finding.message) + advice
