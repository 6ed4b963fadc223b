"""What there is to say of source files, and what that adds up to: all that `scan` and `rewrite` show."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from migrate.files import NOTEBOOK
from rewriters import Confidence, ExportSummary, Finding, PassedOver, Place
from rewriters.outcome import Writer

LEFT_ALONE = 'left alone'
"""The state of an export site that no writer took."""


@dataclass(frozen=True)
class FileReport:
    """One source file. `after` equals `before` where nothing is (to be) rewritten; `error` is empty if it was read."""

    path: str
    before: str
    after: str
    findings: tuple[Finding, ...] = ()
    exports: tuple[ExportSummary, ...] = ()
    error: str = ''


@dataclass(frozen=True)
class SourceSummary:
    """Counts over some files. Each mapping holds every state that it knows, zeros too, in a fixed order."""

    files: int
    files_changed: int
    files_failed: int
    export_sites: dict[str, int]
    """Export sites by the writer that took them, or `left alone`."""
    findings: dict[str, int]
    """Findings by confidence."""


def summarise_sources(files: Sequence[FileReport]) -> SourceSummary:
    """The counts over these files."""
    sites = (site.writer or LEFT_ALONE for file in files for site in file.exports)
    findings = (finding.confidence.value for file in files for finding in file.findings)
    return SourceSummary(
        files=len(files),
        files_changed=sum(is_changed(file) for file in files),
        files_failed=sum(bool(file.error) for file in files),
        export_sites=count((*(writer.value for writer in Writer), LEFT_ALONE), sites),
        findings=count((confidence.value for confidence in Confidence), findings),
    )


def count(known: Iterable[str], found: Iterable[str]) -> dict[str, int]:
    """How often each is found; those that are known come first, in their order."""
    counts = Counter(dict.fromkeys(known, 0))
    counts.update(found)
    return dict(counts)


def is_changed(file: FileReport) -> bool:
    """Whether the rewrite changes the file."""
    return file.after != file.before


def is_notable(file: FileReport) -> bool:
    """Whether there is more to say of a file than that it was read."""
    return bool(is_changed(file) or file.error or file.findings or file.exports)


def line_of(file: FileReport, place: Place) -> str:
    """The number of a line; in a notebook, of which people see the cells, `cell 3, line 7`."""
    if not file.path.endswith(NOTEBOOK):
        return str(place.line)
    from migrate.notebooks import line_in_cell

    return line_in_cell(file.before, place.line)


def at_line(file: FileReport, place: Place) -> str:
    """`line 7`; in a notebook, `cell 3, line 7`."""
    return line_of(file, place) if file.path.endswith(NOTEBOOK) else f'line {place.line}'


def passed_over(site: ExportSummary) -> Iterator[tuple[str, PassedOver]]:
    """`tf.function or graph function`, for the forms that one reason kept an export site from, and that reason."""
    for _, group in itertools.groupby(site.passed_over, key=lambda over: (over.reason, over.place)):
        overs = list(group)
        *others, last = [over.form for over in overs]
        yield (f'{", ".join(others)} or {last}' if others else last), overs[0]
