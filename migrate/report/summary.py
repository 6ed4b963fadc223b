"""What a report adds up to: the counts that every format shows at its top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrate.report.model import ConvertedFolder, ConvertedModel, ProjectReport
from migrate.report.sources import SourceSummary, count, summarise_sources
from migrate.verify.results import Verdict

STALE = 'stale'
"""The state of a project or model that changed since it was proven: what was proven then says nothing now."""
NOT_PROVEN = 'not proven'

KEPT = (Verdict.IDENTICAL.value, Verdict.EQUAL.value)
FAILED = (Verdict.DIFFERENT.value, Verdict.INCOMPATIBLE.value, Verdict.ERROR.value)
OPEN = (Verdict.INCONCLUSIVE.value, STALE, NOT_PROVEN)

_VERDICTS = tuple(verdict.value for verdict in Verdict)


@dataclass(frozen=True)
class Summary(SourceSummary):
    """Counts over some projects. Each mapping holds every state that it knows, zeros too, in a fixed order."""

    projects: int
    proofs: dict[str, int]
    """Projects by the verdict of their proof, or `stale`, or `not proven`."""
    signatures: dict[str, int]
    """Signatures by verdict. Those of stale proofs are not counted."""
    conversions: dict[str, int]
    """Converted models by verdict, or `stale`."""


def summarise(projects: Iterable[ProjectReport], conversions: Iterable[ConvertedFolder] = ()) -> Summary:
    """The counts over these projects; for one project, pass it alone."""
    projects = tuple(projects)
    models = (model for folder in conversions for model in folder.models)
    return Summary(
        **vars(summarise_sources([file for project in projects for file in project.files])),
        projects=len(projects),
        proofs=count((*_VERDICTS, STALE, NOT_PROVEN), map(proof_state, projects)),
        signatures=count(_VERDICTS, _signature_verdicts(projects)),
        conversions=count((*_VERDICTS, STALE), (conversion_state(each) for each in models)),
    )


def proof_state(project: ProjectReport) -> str:
    """The one word that says how far a project's migration can be trusted."""
    if project.proof is None:
        return NOT_PROVEN
    return STALE if project.proof_is_stale else project.proof.verdict.value


def conversion_state(model: ConvertedModel) -> str:
    """The one word that says how far a converted model can be trusted."""
    return STALE if model.out_of_date else model.conversion.verdict.value


def _signature_verdicts(projects: Iterable[ProjectReport]) -> Iterable[str]:
    for project in projects:
        if project.proof and not project.proof_is_stale:
            for model in project.proof.models:
                yield from (signature.verdict.value for signature in model.verification.signatures)
