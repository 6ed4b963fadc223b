"""What to do next, in order of worth: what clients would notice, then what a command does, then what takes time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate.report.model import ConvertedFolder, ConvertedModel, ProjectReport
from migrate.report.sources import FileReport, is_changed
from migrate.report.summary import FAILED, KEPT, STALE, conversion_state, proof_state
from migrate.report.text import counted
from rewriters import Confidence
from rewriters.explanations import EXPLANATIONS

_MOST = 10


@dataclass(frozen=True)
class Step:
    """One thing to do: what, how, and the code that says more where there is one."""

    what: str
    how: str = ''
    code: str = ''


def next_steps(projects: Sequence[ProjectReport], conversions: Sequence[ConvertedFolder] = ()) -> tuple[Step, ...]:
    """At most ten, the last of which then says how many come after it."""
    models = [(f'{folder.path}/{model.name}', model) for folder in conversions for model in folder.models]
    steps = [*_forced(models), *_broken(projects), *_not_converted(models), *_commands(projects), *_by_hand(projects)]
    if len(steps) <= _MOST:
        return tuple(steps)
    more = len(steps) - _MOST + 1
    return *steps[: _MOST - 1], Step(counted(more, 'more step'), 'They come up when some of these are done.')


def _forced(models: Sequence[tuple[str, ConvertedModel]]) -> Iterator[Step]:
    for path, model in models:
        if model.conversion.placed and conversion_state(model) not in (*KEPT, STALE):
            what = f'Look at {path}: it is in place by --force, and its conversion ended with {conversion_state(model)}'
            yield Step(what, 'A client of the old model may notice. The conversions below say where.')


def _not_converted(models: Sequence[tuple[str, ConvertedModel]]) -> Iterator[Step]:
    left = [path for path, model in models if not model.conversion.placed and conversion_state(model) != STALE]
    if left:
        yield Step(f'See why {_are(left, "not converted")}', 'Each says what keeps it from that, and the way on.')
    stale = [path for path, model in models if conversion_state(model) == STALE]
    if stale:
        yield Step(f'Convert again: {_named(stale)}', '`savedmodel-migrate convert OLD NEW`, with the folders of then.')


def _are(names: Sequence[str], what: str) -> str:
    return f'{counted(len(names), "model")} {"is" if len(names) == 1 else "are"} {what}: {_named(names)}'


def _named(names: Sequence[str]) -> str:
    return ', '.join(names[:3]) + (', …' if len(names) > 3 else '')


def _broken(projects: Sequence[ProjectReport]) -> Iterator[Step]:
    for project in projects:
        if proof_state(project) in FAILED:
            what = f'Look at {project.name}: its proof ended with {proof_state(project)}'
            yield Step(what, 'A client of the old model may notice. The project below says where.')
    failed = [file.path for project in projects for file in project.files if file.error]
    if failed:
        what = f'Mend {counted(len(failed), "file")} that could not be read or rewritten'
        yield Step(what, f'`{failed[0]}` is the first.')


def _commands(projects: Sequence[ProjectReport]) -> Iterator[Step]:
    changed = [file for project in projects for file in project.files if is_changed(file)]
    if changed:
        sites = sum(site.writer is not None for file in changed for site in file.exports)
        what = f'Rewrite {counted(len(changed), "file")}' + (f' with {counted(sites, "export site")}' if sites else '')
        yield Step(what, '`savedmodel-migrate rewrite`; `savedmodel-migrate undo` takes it back.')
    unproven = [
        project for project in projects if proof_state(project) not in (*KEPT, *FAILED) and _can_be_proven(project)
    ]
    if unproven:
        names = _named([project.name for project in unproven])
        how = '`savedmodel-migrate prove PROJECT`; its pyproject.toml says how it exports. Best before it is rewritten.'
        yield Step(f'Prove {counted(len(unproven), "project")}: {names}', how)


def _can_be_proven(project: ProjectReport) -> bool:
    """Whether it exports models, or runs some by code that is rewritten: what they return can be compared as well.

    One that is rewritten already may show neither.
    """
    return project.says_how_to_prove or any(file.exports or _runs_models(file) for file in project.files)


def _runs_models(file: FileReport) -> bool:
    return is_changed(file) and any(finding.code.startswith('LOAD') for finding in file.findings)


def _by_hand(projects: Sequence[ProjectReport]) -> Iterator[Step]:
    """What a person has to do, by code: those that hold an export back first, then those met most often."""
    places: dict[tuple[Confidence, str], list[str]] = defaultdict(list)
    holding: set[str] = set()
    for project in projects:
        for file in project.files:
            is_held = any(site.writer is None for site in file.exports)
            for finding in file.findings:
                if finding.confidence is not Confidence.EQUIVALENT:
                    places[finding.confidence, finding.code].append(file.path)
                    holding |= {finding.code} if is_held and finding.confidence is Confidence.MANUAL else set()

    def worth(item: tuple[tuple[Confidence, str], list[str]]) -> tuple[bool, bool, int, str]:
        (confidence, code), files = item
        return confidence is not Confidence.MANUAL, code not in holding, -len(files), code

    for (confidence, code), files in sorted(places.items(), key=worth):
        verb = 'Change by hand' if confidence is Confidence.MANUAL else 'Check'
        title = EXPLANATIONS[code].title if code in EXPLANATIONS else ''
        where = f'{counted(len(files), "place")} in {counted(len(set(files)), "file")}'
        yield Step(f'{verb}: {where}', title, code)
