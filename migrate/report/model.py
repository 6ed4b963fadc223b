"""What a report shows: projects, their files with findings and diffs, their proofs, and models that were converted."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.convert.results import Conversion
from migrate.report.sources import FileReport
from migrate.verify.results import Verdict, Verification


@dataclass(frozen=True)
class ModelProof:
    """One SavedModel that a project exports: `model` is the setting that names it, relative to the project."""

    model: str
    verification: Verification


@dataclass(frozen=True)
class Proof:
    """What `prove` found for one project."""

    project: str
    verdict: Verdict
    message: str
    old_side: str
    """Which TensorFlow made the old export, for a person: `TensorFlow 1.15.5, exported afresh`."""
    new_side: str
    models: tuple[ModelProof, ...]
    sources_digest: str
    """SHA-256 over the project's sources when it was proven; with others, a report calls the proof stale."""
    rewritten_digest: str = ''
    """The same over the rewritten sources that were run: with these, the proof holds as well."""
    log: str = ''
    """The last words of a command that failed."""


@dataclass(frozen=True)
class ProjectReport:
    """One project: the folder that has settings of its own, or the folder that was asked for."""

    name: str
    path: str
    files: tuple[FileReport, ...]
    proof: Proof | None = None
    proof_is_stale: bool = False
    says_how_to_prove: bool = False
    """Whether its settings tell how it exports."""


@dataclass(frozen=True)
class ConvertedModel:
    """One model of a folder that `convert` worked through."""

    name: str
    """Its path below the folder."""
    conversion: Conversion
    out_of_date: str = ''
    """Why what the conversion says holds no longer; empty if it does."""


@dataclass(frozen=True)
class ConvertedFolder:
    """A folder into which `convert` put models, with what became of each."""

    path: str
    models: tuple[ConvertedModel, ...]
    error: str = ''
    """Why its manifest could not be read."""


@dataclass(frozen=True)
class Report:
    """One run of `report`."""

    tool_version: str
    created: str
    """UTC, ISO 8601, to the minute."""
    projects: tuple[ProjectReport, ...]
    conversions: tuple[ConvertedFolder, ...] = ()
