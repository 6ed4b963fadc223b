"""Collects what a report shows: the projects in some folders, rewritten in memory, their proofs, and conversions."""

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
from migrate.prove import load_proof, still_holds
from migrate.report.conversions import find_conversions
from migrate.report.model import ProjectReport, Report
from migrate.report.sources import FileReport, is_notable
from migrate.selection import Selections
from migrate.staying import without_blocked


def collect(paths: Sequence[Path], work_dir: Path, jobs: int = 1, use_cache: bool = False) -> Report:
    """Returns the report of every project and conversion at or below `paths`, and of what is there beside them.

    With `use_cache`, what became of files that did not change since an earlier run is taken from the user's cache.
    """
    projects = find_projects(paths, leave_out=work_dir)
    folders = list({os.path.realpath(folder): folder for folder in [*paths, *projects]}.values())
    rewritten = _rewritten(folders, jobs, use_cache)
    found = [_project(project, rewritten[project], work_dir) for project in projects]
    rest = [_folder(folder, rewritten[folder]) for folder in folders if folder not in projects]
    conversions = find_conversions(paths)
    # A folder around the projects is worth showing only for what is in it itself.
    is_around = bool(projects or conversions)
    found += [report for report in rest if not is_around or any(map(is_notable, report.files))]
    created = datetime.now(timezone.utc).strftime('%Y-%m-%dT%H:%M')
    return Report(__version__, created, tuple(found), conversions)


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


def _rewritten(folders: Sequence[Path], jobs: int, use_cache: bool) -> dict[Path, list[FileReport]]:
    """The reports on the files of each folder. A file belongs to the innermost folder, and its settings apply."""
    real = {folder: Path(os.path.realpath(folder)) for folder in folders}
    by_depth = sorted(folders, key=lambda folder: len(real[folder].parts), reverse=True)

    def is_in(folder: Path, file: Path) -> bool:
        resolved = Path(os.path.realpath(file))
        return next(other for other in by_depth if resolved.is_relative_to(real[other])) == folder

    selections = Selections()
    reports: dict[Path, list[FileReport]] = {}
    files: list[tuple[Path, Path]] = []
    for folder in folders:
        found, failures = find_sources([folder])
        files += [(folder, file) for file in found if is_in(folder, file)]
        reports[folder] = [failure for failure in failures if is_in(folder, Path(failure.path))]
    # All at once, and not folder by folder: that keeps every process busy.
    outcomes = without_blocked(process_files([file for _, file in files], jobs=jobs, use_cache=use_cache))
    for (folder, file), outcome in zip(files, outcomes, strict=True):
        relative = os.path.relpath(file, folder) if file != folder else file.name
        reports[folder].append(replace(selections.apply(outcome).report, path=Path(relative).as_posix()))
    return reports


def _project(project: Path, files: list[FileReport], work_dir: Path) -> ProjectReport:
    proof = load_proof(project, work_dir)
    is_stale = proof is not None and not still_holds(proof, project)
    return replace(_folder(project, files), proof=proof, proof_is_stale=is_stale, says_how_to_prove=True)


def _folder(folder: Path, files: list[FileReport]) -> ProjectReport:
    return ProjectReport(folder.name or folder.resolve().name, folder.as_posix(), tuple(files))
