"""Decides over all files of a project which of them take the support module instead of `tf.estimator`.

Files that work with the same Estimators are those that import each other, through whatever other files. They decide
together: an EstimatorSpec of the one is no EstimatorSpec of the other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence

from rewriters.kept_estimators.facts import Facts, Import
from rewriters.options import EstimatorUse

Reader = Callable[[str], Facts]


def decide(files: Sequence[str], candidates: Sequence[str], facts_of: Reader) -> dict[str, EstimatorUse]:
    """What becomes of `tf.estimator` in those of the files that take part in the making or the export of an Estimator.

    `files` are all files of the project, by paths with slashes; `candidates` those that may take part. `facts_of`
    reads one; it is asked for no more than the candidates and what they import.
    """
    taking_part = [path for path in candidates if facts_of(path).takes_part]
    modules = _Modules(files)
    uses: dict[str, EstimatorUse] = {}
    for group in _groups(taking_part, modules, facts_of):
        is_kept = any(facts_of(path).is_kept for path in group)
        canned = next((name for path in group for name in facts_of(path).canned), '')
        if is_kept or any(facts_of(path).makes for path in group):
            obstacle = _obstacle(group, modules, facts_of)
            imported = {other for path in group for other in _imported(path, modules, facts_of) if other != path}
            for path in group:
                uses[path] = EstimatorUse(obstacle, is_settled=is_kept, is_imported=path in imported)
        elif canned:
            uses.update((path, EstimatorUse(canned=canned)) for path in group)
    return uses


def _groups(paths: Sequence[str], modules: _Modules, facts_of: Reader) -> list[list[str]]:
    """The files that are linked by imports, in the order of the files."""
    leader = {path: path for path in paths}

    def find(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for path in paths:
        for other in _reachable(path, modules, facts_of):
            if other in leader:
                first, second = sorted((find(path), find(other)))
                leader[second] = first
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(find(path), []).append(path)
    return list(groups.values())


def _reachable(path: str, modules: _Modules, facts_of: Reader) -> Iterator[str]:
    """Every file that a file imports, itself or through others."""
    seen = {path}
    pending = [path]
    while pending:
        current = pending.pop()
        for other in _imported(current, modules, facts_of):
            if other not in seen:
                seen.add(other)
                pending.append(other)
                yield other


def _imported(path: str, modules: _Modules, facts_of: Reader) -> Iterator[str]:
    """The files that a file imports itself."""
    for imported in facts_of(path).imports:
        yield from modules.files_of(imported, path)


def _obstacle(group: Sequence[str], modules: _Modules, facts_of: Reader) -> str:
    """Why the files of a group can't take the support module; empty if they can."""
    for path in group:
        found = facts_of(path).obstacle
        if found is not None:
            return f'{found[0]} ({posixpath.basename(path)}, line {found[1]})'
        for model_fn in facts_of(path).model_fns:
            if not modules.files_of(model_fn, path):
                return f'its model_fn comes from `{model_fn.module}`, which is not among the files'
    return ''


class _Modules:
    """Finds the files that imports mean, as if each folder above a file could be where Python looks for modules."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = set(files)
        self._by_name: dict[str, list[str]] = {}
        for path in files:
            self._by_name.setdefault(_parts(path)[-1] if _parts(path) else '', []).append(path)

    def files_of(self, imported: Import, importer: str) -> list[str]:
        """The file of the module, and that of the name if it is a module."""
        names = [imported.module, '.'.join(filter(None, (imported.module, imported.name)))]
        found = [self._file(name, importer, imported.level) for name in dict.fromkeys(names)]
        return [path for path in found if path is not None]

    def _file(self, module: str, importer: str, level: int) -> str | None:
        words = [word for word in module.split('.') if word]
        if level:
            folder = importer
            for _ in range(level):
                folder = posixpath.dirname(folder)
            base = posixpath.join(folder, *words)
            return next((p for p in (f'{base}.py', f'{base}/__init__.py') if p in self._files), None)
        matching = [p for p in self._by_name.get(words[-1], ()) if _parts(p)[-len(words) :] == words] if words else []
        nearest = sorted(matching, key=lambda path: (-len(posixpath.commonpath([path, importer])), path))
        return nearest[0] if nearest else None


def _parts(path: str) -> list[str]:
    """`['a', 'b']` for `a/b.py` and for `a/b/__init__.py`."""
    words = [word for word in path.removesuffix('.py').split('/') if word]
    return words[:-1] if words[-1:] == ['__init__'] else words
