"""Decides over all files of a project which of them take the support module instead of `tf.estimator`.

Files that work with the same Estimators are those that import each other, through whatever other files. They decide
together: an EstimatorSpec of the one is no EstimatorSpec of the other.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence

from rewriters.kept_estimators.facts import (
    Facts,
    may_be_kept,
    may_export,
    may_hinder,
    may_make,
    may_take_part,
    read_facts,
    seems_to_make,
)
from rewriters.kept_estimators.imports import read_imports
from rewriters.kept_estimators.modules import Modules
from rewriters.options import EstimatorUse

Reader = Callable[[str], Facts]


def decide(files: Sequence[str], source_of: Callable[[str], bytes]) -> dict[str, EstimatorUse]:
    """What becomes of `tf.estimator` in those of the files that may take part in the making or export of an Estimator.

    `files` are all files of the project, by paths with slashes; `source_of` reads one.
    """
    candidates = {path: source for path in files for source in [source_of(path)] if may_take_part(source)}
    if not any(may_make(source) or may_be_kept(source) for source in candidates.values()):
        return {}
    modules = Modules(files, lambda path: read_imports(source_of(path)))
    facts_of = functools.cache(lambda path: read_facts(candidates[path]))
    uses: dict[str, EstimatorUse] = {}
    for group in _groups(list(candidates), modules):
        uses |= _decide_group({path: candidates[path] for path in group}, modules, facts_of)
    return uses


def _decide_group(group: Mapping[str, bytes], modules: Modules, facts_of: Reader) -> dict[str, EstimatorUse]:
    """Asks for the facts of as few files as it takes: that is what takes time."""
    makers = [path for path, source in group.items() if may_make(source)]
    likely = sorted(makers, key=lambda path: not seems_to_make(group[path]))
    is_settled = any(may_be_kept(source) and facts_of(path).is_kept for path, source in group.items())
    if not is_settled and not any(facts_of(path).makes for path in likely):
        canned = next((name for path in makers for name in facts_of(path).canned), '')
        return dict.fromkeys(group, EstimatorUse(canned=canned)) if canned else {}
    suspects = [path for path, source in group.items() if path in makers or may_hinder(source)]
    of_others = next(filter(None, (_obstacle(path, modules, facts_of) for path in [*suspects, *group])), '')
    imported = {other for path in group for other in modules.imported(path) if other != path}
    uses: dict[str, EstimatorUse] = {}
    for path, source in group.items():
        # Told where the file exports; there, what is in its own way comes first.
        own = _obstacle(path, modules, facts_of) if of_others and may_export(source) else ''
        uses[path] = EstimatorUse(own or of_others, is_settled=is_settled, is_imported=path in imported)
    return uses


def _groups(paths: Sequence[str], modules: Modules) -> list[list[str]]:
    """The files that are linked by imports, in the order of the files."""
    leader = {path: path for path in paths}

    def find(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for path in paths:
        for other in _nearest(path, leader, modules):
            first, second = sorted((find(path), find(other)))
            leader[second] = first
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(find(path), []).append(path)
    return list(groups.values())


def _nearest(path: str, wanted: dict[str, str], modules: Modules) -> Iterator[str]:
    """The wanted files that a file imports, itself or through files that are not wanted."""
    seen = {path}
    pending = [path]
    while pending:
        for other in modules.imported(pending.pop()):
            if other not in seen:
                seen.add(other)
                if other in wanted:
                    yield other
                else:
                    pending.append(other)


def _obstacle(path: str, modules: Modules, facts_of: Reader) -> str:
    """Why a file can't take the support module; empty if it can."""
    facts = facts_of(path)
    if facts.obstacle is not None:
        return f'{facts.obstacle[0]} ({posixpath.basename(path)}, line {facts.obstacle[1]})'
    for model_fn in facts.model_fns:
        if not modules.files_of(model_fn, path):
            return f'its model_fn comes from `{model_fn.module}`, which is not among the files'
    return ''
