"""Collects what a report shows: the projects in some folders, their files rewritten in memory, and their proofs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from migrate import __version__
from migrate.codemod import find_sources, process_files
from migrate.config import read_settings
from migrate.files import is_skipped_folder
from migrate.prove import load_proof, sources_digest
from migrate.report.model import FileReport, ProjectReport, Report
from migrate.report.summary import is_notable


def collect(paths: Sequence[Path], work_dir: Path, jobs: int = 1) -> Report:
    """Returns the report of every project at or below `paths`, and of what is there beside them."""
    projects = find_projects(paths, leave_out=work_dir)
    files, failures = find_sources(paths)
    reports = [outcome.report for outcome in process_files(files, jobs=jobs)]
    placed = _placed([*projects, *paths], [*failures, *reports])
    found = [_project(project, placed[project], work_dir) for project in projects]
    rest = [_folder(path, placed[path]) for path in paths if path not in projects]
    # A folder around the projects is worth showing only for what is in it itself.
    found += [report for report in rest if not projects or any(map(is_notable, report.files))]
    created = datetime.now(timezone.utc).strftime('%Y-%m-%dT%H:%M')
    return Report(__version__, created, tuple(found))


def find_projects(paths: Iterable[Path], leave_out: Path) -> list[Path]:
    """Returns the folders at or below `paths` that say in their pyproject.toml how they are proven."""
    left_out = os.path.realpath(leave_out)
    found: dict[str, Path] = {}
    for path in paths:
        for parent, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not _is_left_out(Path(parent, name), left_out))
            if 'pyproject.toml' in files:
                settings = read_settings(Path(parent))
                if settings is not None and settings.prove is not None:
                    found.setdefault(os.path.realpath(parent), Path(parent))
    return list(found.values())


def _is_left_out(folder: Path, left_out: str) -> bool:
    return is_skipped_folder(folder) or os.path.realpath(folder) == left_out


def _placed(folders: Iterable[Path], reports: Iterable[FileReport]) -> dict[Path, list[FileReport]]:
    """The files by the innermost of `folders` that they are in; their paths are relative to it."""
    real = {folder: Path(os.path.realpath(folder)) for folder in folders}
    by_depth = sorted(real, key=lambda folder: len(real[folder].parts), reverse=True)
    placed: dict[Path, list[FileReport]] = {folder: [] for folder in real}
    for report in reports:
        file = Path(os.path.realpath(report.path))
        folder = next(folder for folder in by_depth if file.is_relative_to(real[folder]))
        relative = file.relative_to(real[folder]).as_posix()
        placed[folder].append(replace(report, path=file.name if relative == '.' else relative))
    return placed


def _project(project: Path, files: list[FileReport], work_dir: Path) -> ProjectReport:
    proof = load_proof(project, work_dir)
    is_stale = proof is not None and proof.sources_digest != sources_digest(project)
    return replace(_folder(project, files), proof=proof, proof_is_stale=is_stale)


def _folder(folder: Path, files: list[FileReport]) -> ProjectReport:
    return ProjectReport(folder.name or folder.resolve().name, folder.as_posix(), tuple(files))
