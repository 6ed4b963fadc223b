"""What `scan` and `rewrite` found: as lines for a person with the code that they speak of, and as JSON."""

from __future__ import annotations

import enum
import functools
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click

from migrate import __version__
from migrate.codemod import Outcome
from migrate.files import NOTEBOOK
from migrate.output import exits
from migrate.report.sources import LEFT_ALONE, FileReport, SourceSummary, is_changed, passed_over, summarise_sources
from migrate.report.text import counted, split_ending, split_lines, visible
from rewriters import Confidence, ExportSummary, Finding, Place

_COLOURS = {Confidence.EQUIVALENT: 'green', Confidence.REVIEW: 'yellow', Confidence.MANUAL: 'red'}
_WIDEST = 120


class Purpose(enum.Enum):
    """Why the files were rewritten: that decides how it is told, and what counts as something to do."""

    SCAN = 'scan'
    CHECK = 'check'
    WRITE = 'write'

    @property
    def writes(self) -> bool:
        return self is Purpose.WRITE


def show(outcomes: Iterable[Outcome], purpose: Purpose, *, verbose: bool = False, err: bool = False) -> SourceSummary:
    """Shows each outcome as it comes, and their sum in the last line; on stderr if `err`. Errors go there always."""
    reports: list[FileReport] = []
    for outcome in outcomes:
        report = outcome.report
        reports.append(report)
        if report.error:
            exits.show_error(f'{_path(report)}: {visible(report.error)}')
        text = '\n'.join(_lines(outcome, purpose, verbose))
        if text:
            click.echo(text, err=err)
    summary = summarise_sources(reports)
    if reports:
        click.echo(summary_line(summary, purpose), err=err)
    return summary


def show_json(outcomes: Iterable[Outcome], *, with_diff: bool = False) -> SourceSummary:
    """Prints one JSON object for all outcomes together."""
    import json

    from migrate.report.plain import SCHEMA_VERSION, plain

    files: list[dict[str, Any]] = []
    reports: list[FileReport] = []
    for outcome in outcomes:
        reports.append(outcome.report)
        files.append(_content(outcome, with_diff))
    summary = summarise_sources(reports)
    content = {
        'schema_version': SCHEMA_VERSION,
        'tool_version': __version__,
        'summary': plain(summary),
        'files': files,
    }
    click.echo(json.dumps(content, indent=2))
    return summary


def show_statistics(outcomes: Iterable[Outcome], purpose: Purpose) -> SourceSummary:
    """Shows how often each code occurs and in how many files, the most frequent first, and the sum."""
    from rewriters.explanations import EXPLANATIONS

    reports = [outcome.report for outcome in outcomes]
    found = Counter((f.code, f.confidence) for report in reports for f in report.findings)
    files = Counter(key for report in reports for key in {(f.code, f.confidence) for f in report.findings})
    width = max((len(f'{number:,}') for number in found.values()), default=0)
    for (code, confidence), number in sorted(found.items(), key=lambda item: (-item[1], item[0][0])):
        coloured = click.style(f'[{confidence.value}]', fg=_COLOURS[confidence])
        where = counted(files[code, confidence], 'file')
        click.echo(f'{number:>{width},}  {code} {coloured} in {where}: {EXPLANATIONS[code].title}')
    for report in reports:
        if report.error:
            exits.show_error(f'{_path(report)}: {visible(report.error)}')
    summary = summarise_sources(reports)
    if reports:
        click.echo(summary_line(summary, purpose))
    return summary


def exit_code(summary: SourceSummary, purpose: Purpose) -> int:
    """`scan` finds whatever a person or `rewrite` can do; `rewrite` what is left to a person, or would be written."""
    to_do = summary.findings[Confidence.MANUAL.value]
    if purpose is Purpose.SCAN:
        to_do += summary.findings[Confidence.REVIEW.value]
    if not purpose.writes:
        to_do += summary.files_changed
    return exits.worst(exits.FAILED if summary.files_failed else exits.NOTHING, exits.FOUND if to_do else exits.NOTHING)


def summary_line(summary: SourceSummary, purpose: Purpose) -> str:
    """One line with everything that was counted, bad news included."""
    rewritten = {writer: n for writer, n in summary.export_sites.items() if writer != LEFT_ALONE}
    sites = counted(sum(summary.export_sites.values()), 'export site')
    if sum(summary.export_sites.values()):
        how = ', '.join(f'{n} as {writer}' for writer, n in rewritten.items() if n)
        verb = 'rewritten' if purpose.writes else 'to rewrite'
        sites += f': {sum(rewritten.values())} {verb}{f" ({how})" if how else ""}'
        sites += f', {summary.export_sites[LEFT_ALONE]} left alone'
    findings = ', '.join(f'{n} {confidence}' for confidence, n in summary.findings.items() if n)
    changed = f'{counted(summary.files_changed, "file")} {"changed" if purpose.writes else "would change"}'
    parts = [f'{counted(summary.files, "file")}, {sites}', changed, f'findings: {findings or "none"}']
    if summary.files_failed:
        # Unreadable, or with an import of what git does not track: the errors say it.
        parts.append(click.style(f'{counted(summary.files_failed, "file")} failed', fg='red'))
    return '; '.join(parts)


def _content(outcome: Outcome, with_diff: bool) -> dict[str, Any]:
    from migrate.report.plain import plain

    report = outcome.report
    content = {'path': report.path, 'changed': is_changed(report), 'error': report.error}
    content |= {'exports': plain(report.exports), 'findings': plain(report.findings)}
    content['added'] = []
    if outcome.placed:
        from migrate.output.diffs import placed_path

        content['added'] = [placed_path(outcome, path) for path, _ in outcome.placed]
    if with_diff:
        from migrate.output.diffs import diff_bytes

        content['diff'] = diff_bytes(outcome).decode('utf-8', 'replace')
    return content


def _lines(outcome: Outcome, purpose: Purpose, verbose: bool) -> Iterator[str]:
    report = outcome.report
    path = _path(report)
    where = functools.partial(_where, report)
    if is_changed(report) and purpose is not Purpose.SCAN:
        yield f'{"rewrote" if purpose.writes else "would rewrite"} {click.style(path, bold=True)}'
        yield from _placed(outcome, purpose)
    if purpose is Purpose.SCAN:
        for export in report.exports:
            yield f'{path}:{where(export.place)}: {_site(export)}'
            if verbose:
                yield from _passed_over(export, path, where)
    source = split_lines(report.before) if report.findings else []
    for finding in report.findings:
        if verbose or finding.confidence is not Confidence.EQUIVALENT:
            yield f'{path}:{where(finding.place)}: {_finding(finding)}'
            yield from _frame(source, finding.place, where(finding.place).split(':')[-2])
            if finding.advice:
                yield f'    {visible(finding.advice)}'


def _placed(outcome: Outcome, purpose: Purpose) -> Iterator[str]:
    """A line for each support file that comes with a rewritten file."""
    if outcome.placed:
        from migrate.git import repository_of
        from migrate.output.diffs import placed_names

        for (path, _), name in zip(outcome.placed, placed_names(outcome), strict=True):
            line = f'{"added" if purpose.writes else "would add"} {click.style(name, bold=True)}, which it needs'
            # Otherwise a commit of what changed (`git commit -a`) imports what is not in it.
            is_in_git = purpose.writes and repository_of(path) is not None
            yield f'{line}: `{shlex.join(["git", "add", name])}`' if is_in_git else line


def _frame(lines: Sequence[str], place: Place, number: str) -> Iterator[str]:
    """The first line of the place, and below it marks under what is meant."""
    if not 0 < place.line <= len(lines):
        return
    line = split_ending(lines[place.line - 1])[0]
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    start = place.column - 1
    # What is spelt out or cut off would move the marks away from what they are under.
    before, meant = visible(line[:start]).expandtabs(1), visible(line[start:end]).expandtabs(1)
    shown = before + meant + visible(line[end:]).expandtabs(1)
    if len(before) + 1 > _WIDEST:
        return
    yield f'    {number} | {shown if len(shown) <= _WIDEST else shown[:_WIDEST] + "…"}'
    marks = '^' * max(1, min(len(meant), _WIDEST - len(before)))
    yield f'    {" " * len(number)} | {" " * len(before)}{marks}'


def _path(report: FileReport) -> str:
    return visible(report.path).replace('\n', '\\n')


def _where(report: FileReport, place: Place) -> str:
    """Line and column; in a notebook, of which cell."""
    if not report.path.endswith(NOTEBOOK):
        return f'{place.line}:{place.column}'
    from migrate.notebooks import place_in_cell

    cell, line = place_in_cell(report.before, place.line)
    return f'cell {cell}:{line}:{place.column}'


def _site(export: ExportSummary) -> str:
    keys = ', '.join(f'"{key}" ({kind})' for key, kind in export.signatures)
    to = f' to {export.directory}' if export.directory else ''
    how = f'can be rewritten: {export.writer}' if export.writer else LEFT_ALONE
    text = f'export site: {export.reader}{to}{f", {keys}" if keys else ""}: {how}'
    return visible(text)


def _passed_over(export: ExportSummary, path: str, where: Callable[[Place], str]) -> Iterator[str]:
    """A line for each reason that kept the site from a form before the one that it takes, or from all."""
    for forms, over in passed_over(export):
        at = f'{path}:{where(over.place)}: ' if over.place is not None else ''
        yield f'    {at}not {forms}: {visible(over.reason)}'


def _finding(finding: Finding) -> str:
    confidence = click.style(f'[{finding.confidence.value}]', fg=_COLOURS[finding.confidence])
    return f'{finding.code} {confidence} {visible(finding.message)}'
