"""Decides over all files of a project which of them take the support module instead of `tf.estimator`.

Files that work with the same Estimators are those that import each other, through whatever other files: an
EstimatorSpec of the one is no EstimatorSpec of the other. What is in the way of a file is in the way of those that
import it, too. The others change together: a file that keeps `tf.estimator` fails with TensorFlow 2.16 and later,
whatever becomes of those that it imports.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rewriters.kept_estimators.facts import Facts, read_facts
from rewriters.kept_estimators.hints import Hints, may_take_part
from rewriters.kept_estimators.imports import read_imports
from rewriters.kept_estimators.modules import Modules
from rewriters.kept_estimators.names import NOT_AMONG_THE_FILES
from rewriters.options import EstimatorUse

Links = Mapping[str, Sequence[str]]


class _Project(NamedTuple):
    """The files that may take part. `imports` are those of them that each imports, `links` those and the importers."""

    hints: Mapping[str, Hints]
    modules: Modules
    facts_of: Callable[[str], Facts]
    imports: Links
    links: Links
    line_of: Callable[[str, int], str]


def _line(path: str, line: int) -> str:
    return f'line {line}'


def _none(path: str) -> Sequence[str]:
    return ()


def decide(
    files: Sequence[str],
    source_of: Callable[[str], bytes],
    line_of: Callable[[str, int], str] = _line,
    runs_of: Callable[[str], Sequence[str]] = _none,
    some: Sequence[str] | None = None,
) -> dict[str, EstimatorUse]:
    """What becomes of `tf.estimator` in those of the files that may take part in the making or export of an Estimator.

    `files` are all files of the project, by paths with slashes; `source_of` reads one, `line_of` says how a line of
    one is called where people read of it. `runs_of` are the files that one runs as if they stood in itself. `some`, if
    given, are all of the files that may take part.
    """
    asked = files if some is None else some
    candidates = {path: Hints(source) for path in asked for source in [source_of(path)] if may_take_part(source)}
    if not any(hints.may_make or hints.may_be_kept for hints in candidates.values()):
        return {}
    modules = Modules(files, lambda path: read_imports(source_of(path)), runs_of)
    facts_of = functools.cache(lambda path: read_facts(candidates[path].source))
    imports = _imports_of(candidates, modules)
    project = _Project(candidates, modules, facts_of, imports, _both_ways(imports), line_of)
    uses: dict[str, EstimatorUse] = {}
    for group in _groups(project):
        uses |= _decide_group(group, project)
    return uses


def _groups(project: _Project) -> Iterator[list[str]]:
    """The files that are linked by imports, in the order of the files."""
    seen: set[str] = set()
    for path in project.hints:
        if path not in seen:
            linked = _reached([path], project.links)
            seen |= linked
            yield [other for other in project.hints if other in linked]


def _decide_group(group: Sequence[str], project: _Project) -> dict[str, EstimatorUse]:
    """Asks for the facts of as few files as it takes: that is what takes time."""
    hints, facts_of = project.hints, project.facts_of
    made = [path for path in group if hints[path].may_make]
    makers = sorted(made, key=lambda path: not hints[path].seems_to_make)
    is_settled = any(hints[path].may_be_kept and facts_of(path).is_kept for path in group)
    if not is_settled and not any(facts_of(path).makes for path in makers):
        canned = next((name for path in makers for name in facts_of(path).canned), '')
        use = EstimatorUse(canned=canned, is_exported=any(hints[path].may_export for path in group))
        return dict.fromkeys(group, use) if canned else _unclear(makers, project)
    hindrance = _hindrances(project)
    begin = [path for path in [*makers, *group] if _begins(path, project) and not hindrance(path)]
    takes = _reached(begin, project.links, lambda path: not hindrance(path))
    others = [*makers, *group]
    imported = {other for path in group for other in project.modules.imported(path) if other != path}
    uses: dict[str, EstimatorUse] = {}
    for path in group:
        # Where Estimators are made or exported, what is in the file's own way comes first. It takes time to find out.
        own = [path] if hints[path].may_make or hints[path].may_export else []
        reason = '' if path in takes else next(filter(None, map(hindrance, [*own, *others])), '')
        obstacle = reason and reason + _left_behind(path, takes, project)
        uses[path] = EstimatorUse(obstacle, is_settled=is_settled, is_imported=path in imported)
    return uses


def _unclear(makers: Sequence[str], project: _Project) -> dict[str, EstimatorUse]:
    """Where it only looks as if Estimators were made, as with TensorFlow by a star import: what else is in the way."""
    found = {path: _hindrances(project)(path) for path in makers if project.hints[path].seems_to_make}
    return {path: EstimatorUse(obstacle) for path, obstacle in found.items() if obstacle}


def _left_behind(path: str, takes: set[str], project: _Project) -> str:
    """Says of a file that keeps `tf.estimator` which file with the support module it imports."""
    others = [posixpath.basename(other) for other in project.imports[path] if other in takes]
    return f'; `{others[0]}`, which it imports, takes the support module for others' if others else ''


def _hindrances(project: _Project) -> Callable[[str], str]:
    """What tells of a file why it can't take the support module: what is in its own way, or of what it imports."""
    obstacle_of = functools.cache(lambda path: _obstacle(path, project))

    def likely_first(path: str) -> tuple[int, str]:
        return project.hints[path].unlikely_to_hinder, path

    @functools.cache
    def hindrance(path: str) -> str:
        others = sorted(_reached([path], project.imports) - {path}, key=likely_first)
        return next(filter(None, map(obstacle_of, [path, *others])), '')

    return hindrance


def _begins(path: str, project: _Project) -> bool:
    """Whether a file makes Estimators, or uses the support module already."""
    hints = project.hints[path]
    makes = hints.may_make and project.facts_of(path).makes
    return makes or (hints.may_be_kept and project.facts_of(path).is_kept)


def _both_ways(links: Links) -> Links:
    both: dict[str, list[str]] = {path: list(others) for path, others in links.items()}
    for path, others in links.items():
        for other in others:
            both[other].append(path)
    return both


def _reached(paths: Iterable[str], links: Links, may_pass: Callable[[str], bool] = lambda _: True) -> set[str]:
    """The files that links lead to, and those themselves."""
    seen = set(paths)
    pending = list(seen)
    while pending:
        for other in links[pending.pop()]:
            if other not in seen and may_pass(other):
                seen.add(other)
                pending.append(other)
    return seen


def _imports_of(wanted: Collection[str], modules: Modules) -> Links:
    """The wanted files that each wanted file imports, itself or through files that are not wanted."""
    if len(wanted) == 1:
        return {path: [] for path in wanted}
    between = _leading_to(wanted, modules)
    return {path: list(_nearest(path, wanted, between)) for path in wanted}


def _leading_to(wanted: Collection[str], modules: Modules) -> Links:
    """What the wanted files import, and all that is imported by these, as far as it leads back to wanted files.

    Of a tree with many libraries that is little, and it is gone through once for each wanted file.
    """
    imported: dict[str, Sequence[str]] = {}
    importers: dict[str, list[str]] = {path: [] for path in wanted}
    pending = list(wanted)
    while pending:
        path = pending.pop()
        imported[path] = modules.imported(path)
        for other in imported[path]:
            if other not in importers:
                pending.append(other)
            importers.setdefault(other, []).append(path)
    leading = _reached(wanted, importers)
    return {path: [other for other in others if other in leading] for path, others in imported.items()}


def _nearest(path: str, wanted: Container[str], links: Links) -> Iterator[str]:
    seen = {path}
    pending = [path]
    while pending:
        for other in links[pending.pop()]:
            if other not in seen:
                seen.add(other)
                if other in wanted:
                    yield other
                else:
                    pending.append(other)


def _obstacle(path: str, project: _Project) -> str:
    """Why a file can't take the support module; empty if it can."""
    facts = project.facts_of(path)
    if facts.obstacle is not None:
        # Where it is the only file, as a notebook and stdin are, its name says nothing.
        file = f'{posixpath.basename(path)}, ' if len(project.hints) > 1 else ''
        return f'{facts.obstacle[0]} ({file}{project.line_of(path, facts.obstacle[1])})'
    missing = project.modules.missing_run(path) if facts.has_unbound_model_fn else ''
    if missing:
        return f'its model_fn comes from `{missing}`, {NOT_AMONG_THE_FILES}'
    for model_fn in facts.model_fns:
        if not project.modules.files_of(model_fn, path):
            return f'its model_fn comes from `{model_fn.module}`, {NOT_AMONG_THE_FILES}'
    return ''
