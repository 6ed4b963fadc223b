"""How far each folder is: its export sites by state, and what in it asks for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from migrate.report.model import ProjectReport
from migrate.report.sources import FileReport, is_notable
from migrate.report.summary import Summary, summarise

_DEPTH = 2
_MOST = 20


@dataclass(frozen=True)
class Folder:
    """A folder with the counts of all that is below it."""

    path: str
    summary: Summary

    @property
    def to_do(self) -> int:
        """How many places ask for a person, or for a run of `rewrite`."""
        found, failed = self.summary.findings, self.summary.files_failed
        return found['manual'] + found['review'] + self.summary.files_changed + failed


def by_folder(projects: Sequence[ProjectReport]) -> tuple[tuple[Folder, ...], int]:
    """The folders with most to do first, and how many more there are."""
    files: dict[str, list[FileReport]] = defaultdict(list)
    for project in projects:
        for file in filter(is_notable, project.files):
            files[_folder(project, file)].append(file)
    folders = [Folder(path, summarise([ProjectReport('', path, tuple(found))])) for path, found in files.items()]
    folders.sort(key=lambda folder: (-folder.to_do, folder.path))
    return tuple(folders[:_MOST]), max(0, len(folders) - _MOST)


def _folder(project: ProjectReport, file: FileReport) -> str:
    """The uppermost folders of a file: more of its path would be no picture any more."""
    parent = PurePosixPath(file.path).parent
    inside = PurePosixPath(*parent.parts[:_DEPTH])
    return (PurePosixPath(project.path) / inside).as_posix()
