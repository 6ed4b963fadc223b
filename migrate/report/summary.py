"""What a report adds up to: the counts that every format shows at its top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from migrate.report.model import ConvertedFolder, ConvertedModel, FileReport, ProjectReport
from migrate.verify.results import Verdict
from rewriters import Confidence
from rewriters.outcome import Writer

LEFT_ALONE = 'left alone'
"""The state of an export site that no writer took."""
STALE = 'stale'
"""The state of a project or model that changed since it was proven: what was proven then says nothing now."""
NOT_PROVEN = 'not proven'

KEPT = (Verdict.IDENTICAL.value, Verdict.EQUAL.value)
FAILED = (Verdict.DIFFERENT.value, Verdict.INCOMPATIBLE.value, Verdict.ERROR.value)
OPEN = (Verdict.INCONCLUSIVE.value, STALE, NOT_PROVEN)

_VERDICTS = tuple(verdict.value for verdict in Verdict)


@dataclass(frozen=True)
class Summary:
    """Counts over some projects. Each mapping holds every state that it knows, zeros too, in a fixed order."""

    projects: int
    files: int
    files_changed: int
    files_failed: int
    proofs: dict[str, int]
    """Projects by the verdict of their proof, or `stale`, or `not proven`."""
    export_sites: dict[str, int]
    """Export sites by the writer that took them, or `left alone`."""
    signatures: dict[str, int]
    """Signatures by verdict. Those of stale proofs are not counted."""
    findings: dict[str, int]
    """Findings by confidence."""
    conversions: dict[str, int]
    """Converted models by verdict, or `stale`."""


def summarise(projects: Iterable[ProjectReport], conversions: Iterable[ConvertedFolder] = ()) -> Summary:
    """The counts over these projects; for one project, pass it alone."""
    projects = tuple(projects)
    files = [file for project in projects for file in project.files]
    sites = (site.writer or LEFT_ALONE for file in files for site in file.exports)
    models = (model for folder in conversions for model in folder.models)
    findings = (finding.confidence.value for file in files for finding in file.findings)
    return Summary(
        projects=len(projects),
        files=len(files),
        files_changed=sum(is_changed(file) for file in files),
        files_failed=sum(bool(file.error) for file in files),
        proofs=_count((*_VERDICTS, STALE, NOT_PROVEN), map(proof_state, projects)),
        export_sites=_count((*(writer.value for writer in Writer), LEFT_ALONE), sites),
        signatures=_count(_VERDICTS, _signature_verdicts(projects)),
        findings=_count((confidence.value for confidence in Confidence), findings),
        conversions=_count((*_VERDICTS, STALE), (conversion_state(each) for each in models)),
    )


def proof_state(project: ProjectReport) -> str:
    """The one word that says how far a project's migration can be trusted."""
    if project.proof is None:
        return NOT_PROVEN
    return STALE if project.proof_is_stale else project.proof.verdict.value


def conversion_state(model: ConvertedModel) -> str:
    """The one word that says how far a converted model can be trusted."""
    return STALE if model.out_of_date else model.conversion.verdict.value


def is_changed(file: FileReport) -> bool:
    """Whether the rewrite changes the file."""
    return file.after != file.before


def is_notable(file: FileReport) -> bool:
    """Whether there is more to say of a file than that it was read."""
    return bool(is_changed(file) or file.error or file.findings or file.exports)


def _signature_verdicts(projects: Iterable[ProjectReport]) -> Iterable[str]:
    for project in projects:
        if project.proof and not project.proof_is_stale:
            for model in project.proof.models:
                yield from (signature.verdict.value for signature in model.verification.signatures)


def _count(known: Iterable[str], found: Iterable[str]) -> dict[str, int]:
    counts = Counter(dict.fromkeys(known, 0))
    counts.update(found)
    return dict(counts)
