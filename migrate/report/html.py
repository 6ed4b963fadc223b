"""The report as one HTML page that needs nothing else: no network, no font; its one script only filters."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jinja2
from markupsafe import Markup

from migrate.report import sources, summary, text, wording
from migrate.report.diff import Block, line_counts, side_by_side
from migrate.report.folders import by_folder
from migrate.report.history import Moment, handed_on, moment_of
from migrate.report.model import ProjectReport, Report
from migrate.report.next_steps import next_steps
from rewriters import Confidence, Finding
from rewriters.explanations import EXPLANATIONS, Explanation
from rewriters.findings import CODE_INDENT

_MOST_OPEN_FILES = 8
"""A report of more files than this starts with all of them folded, so that one can find one's way."""
_LONGEST_EXCERPT = 240
_LONGEST_LINE = 600
"""A line of source of more characters than this scrolls in itself: on a telephone it would be more than a screen."""

# What each state looks like. The sign tells them apart where colours can't.
_TONES = {
    'identical': ('good', '✓'),
    'equal': ('good', '≈'),
    'different': ('bad', '≠'),
    'incompatible': ('bad', '✕'),
    'error': ('bad', '!'),
    'inconclusive': ('warn', '?'),
    'stale': ('warn', '↻'),
    'not proven': ('none', '\N{EN DASH}'),
    'equivalent': ('good', '✓'),
    'review': ('warn', '?'),
    'manual': ('bad', '✎'),
    'tf.function': ('good', 'ƒ'),
    'graph function': ('info', 'ƒ'),
    'session': ('calm', 'ƒ'),
    'left alone': ('warn', '\N{EN DASH}'),
}


@dataclass(frozen=True)
class FindingView:
    """A finding with the line of source that it speaks of. `in_diff` says whether the page shows that line."""

    finding: Finding
    excerpt: str
    in_diff: bool


@dataclass(frozen=True)
class FileView:
    """A file as the page shows it."""

    anchor: str
    file: sources.FileReport
    blocks: tuple[Block, ...]
    findings: tuple[FindingView, ...]
    is_open: bool

    @property
    def counts(self) -> tuple[int, int]:
        return line_counts(self.blocks)

    @property
    def noted_lines(self) -> frozenset[int]:
        """The lines of the old source that findings point at."""
        return frozenset(view.finding.place.line for view in self.findings)

    @property
    def finding_counts(self) -> dict[str, int]:
        confidences = [view.finding.confidence for view in self.findings]
        return {c.value: confidences.count(c) for c in reversed(Confidence) if c in confidences}


@dataclass(frozen=True)
class ProjectView:
    """A project as the page shows it: files with something to say, and the paths of the others."""

    anchor: str
    project: ProjectReport
    state: str
    summary: summary.Summary
    files: tuple[FileView, ...]
    quiet: tuple[str, ...]


def render_html(report: Report, earlier: tuple[Moment, ...] = ()) -> str:
    """The page. Everything that comes from the report is escaped, whatever it holds; `earlier` reports show the way."""
    notable = sum(sources.is_notable(file) for project in report.projects for file in project.files)
    projects = [_project_view(f'p{i}', p, notable <= _MOST_OPEN_FILES) for i, p in enumerate(report.projects, 1)]
    totals = summary.summarise(report.projects, report.conversions)
    environment = _environment()
    page = environment.get_template('report.html.j2')
    script = (importlib.resources.files('migrate.report') / 'templates' / 'report.js').read_text(encoding='utf-8')
    folders, more_folders = by_folder(report.projects)
    history = (*earlier, moment_of(report))
    return page.render(
        report=report,
        summary=totals,
        created=wording.moment(report.created),
        headline=wording.headline(totals),
        projects=projects,
        explanations=_explanations(report),
        steps=next_steps(report.projects, report.conversions),
        folders=folders,
        more_folders=more_folders,
        history=history,
        most=max(moment.sites + moment.manual + moment.review for moment in history),
        handed_on=handed_on(history),
        script=Markup(script),
        # So that no other script runs, should one ever get past the escaping.
        script_hash=Markup(f'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'),
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader('migrate.report'),
        autoescape=True,
        finalize=_visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        counted=text.counted,
        when=wording.moment,
        difference=wording.difference,
        largest_difference=wording.largest_difference,
        method_name=wording.method_name,
        worst_element=wording.worst_element,
        conversion_notes=wording.conversion_notes,
        conversion_state=summary.conversion_state,
        in_place=wording.in_place,
        reasons=wording.reasons,
        state_meanings=wording.STATE_MEANINGS,
        confidence_meanings=wording.CONFIDENCE_MEANINGS,
        left_alone=sources.LEFT_ALONE,
        passed_over=sources.passed_over,
        line_of=sources.line_of,
        at_line=sources.at_line,
        code_indent=CODE_INDENT,
        longest_line=_LONGEST_LINE,
        tone=lambda state: _TONES.get(state, ('none', '·')),
    )
    environment.filters.update(log_text=text.log_text, prose=_prose)
    return environment


def _visible(value: Any) -> Any:
    """Jinja calls it with every value before that is escaped; what is markup already was made visible within."""
    return text.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _prose(message: str) -> Markup:
    """A message with what stands in `backticks` set as code."""
    parts = text.visible(message).split('`')
    if len(parts) % 2 == 0:
        return Markup.escape('`'.join(parts))
    code = Markup('<code>{}</code>')
    return Markup('').join(code.format(part) if i % 2 else part for i, part in enumerate(parts))


def _project_view(anchor: str, project: ProjectReport, is_open: bool) -> ProjectView:
    notable = [file for file in project.files if sources.is_notable(file)]
    return ProjectView(
        anchor=anchor,
        project=project,
        state=summary.proof_state(project),
        summary=summary.summarise([project]),
        files=tuple(_file_view(f'{anchor}-f{i}', file, is_open) for i, file in enumerate(notable, 1)),
        quiet=tuple(file.path for file in project.files if not sources.is_notable(file)),
    )


def _file_view(anchor: str, file: sources.FileReport, is_open: bool) -> FileView:
    lines = text.split_lines(file.before)
    blocks = side_by_side(file.before, file.after)
    findings = sorted(file.findings, key=lambda finding: finding.sort_key)
    views = tuple(_finding_view(finding, lines, bool(blocks)) for finding in findings)
    return FileView(anchor, file, blocks, views, is_open)


def _finding_view(finding: Finding, lines: list[str], has_diff: bool) -> FindingView:
    if not 0 < finding.place.line <= len(lines):
        return FindingView(finding, '', False)
    line = lines[finding.place.line - 1].strip()
    excerpt = line if len(line) <= _LONGEST_EXCERPT else line[:_LONGEST_EXCERPT] + '…'
    return FindingView(finding, excerpt, has_diff)


def _explanations(report: Report) -> dict[str, Explanation]:
    """What the codes mean that occur in the report."""
    codes = {finding.code for finding in _findings(report)}
    return {code: EXPLANATIONS[code] for code in sorted(codes) if code in EXPLANATIONS}


def _findings(report: Report) -> Iterator[Finding]:
    return (finding for project in report.projects for file in project.files for finding in file.findings)
