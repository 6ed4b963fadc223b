"""Decides over all files of a project which of them take the support module instead of `tf.estimator`.

Files that work with the same Estimators are those that import each other, through whatever other files. They decide
together: an EstimatorSpec of the one is no EstimatorSpec of the other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence

from rewriters.kept_estimators.facts import Facts, Import
from rewriters.options import EstimatorUse

Reader = Callable[[str], Facts]


def decide(files: Sequence[str], candidates: Sequence[str], facts_of: Reader) -> dict[str, EstimatorUse]:
    """What becomes of `tf.estimator` in those of the files that take part in the making or the export of an Estimator.

    `files` are all files of the project, by paths with slashes; `candidates` those that may take part. `facts_of`
    reads one; it is asked for no more than the candidates and what they import.
    """
    taking_part = [path for path in candidates if facts_of(path).takes_part]
    if not any(facts_of(path).makes or facts_of(path).is_kept or facts_of(path).canned for path in taking_part):
        return {}
    modules = _Modules(files)
    imports: dict[str, list[str]] = {}

    def imported_by(path: str) -> list[str]:
        imports[path] = [other for given in facts_of(path).imports for other in modules.files_of(given, path)]
        return imports[path]

    _reachable(taking_part, imported_by)
    uses: dict[str, EstimatorUse] = {}
    for group in _groups(taking_part, imports):
        is_kept = any(facts_of(path).is_kept for path in group)
        canned = next((name for path in group for name in facts_of(path).canned), '')
        if is_kept or any(facts_of(path).makes for path in group):
            obstacles = [_obstacle(path, modules, facts_of) for path in group]
            of_others = next(filter(None, obstacles), '')
            imported = {other for path in group for other in imports[path] if other != path}
            for path, own in zip(group, obstacles, strict=True):
                uses[path] = EstimatorUse(own or of_others, is_settled=is_kept, is_imported=path in imported)
        elif canned:
            uses.update((path, EstimatorUse(canned=canned)) for path in group)
    return uses


def _groups(paths: Sequence[str], imports: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The files that are linked by imports, in the order of the files."""
    importers: dict[str, list[str]] = {}
    for path, imported in imports.items():
        for other in imported:
            importers.setdefault(other, []).append(path)
    leads_to_one = _reachable(paths, lambda path: importers.get(path, ()))
    leader = {path: path for path in leads_to_one}

    def find(path: str) -> str:
        while leader[path] != path:
            leader[path] = leader[leader[path]]
            path = leader[path]
        return path

    for path in leads_to_one:
        for other in imports.get(path, ()):
            if other in leader:
                leader[find(other)] = find(path)
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(find(path), []).append(path)
    return list(groups.values())


def _reachable(paths: Iterable[str], following: Callable[[str], Iterable[str]]) -> dict[str, None]:
    """The paths, and whatever follows from them, directly or not."""
    seen = dict.fromkeys(paths)
    pending = list(seen)
    while pending:
        new = [path for path in following(pending.pop()) if path not in seen]
        seen.update(dict.fromkeys(new))
        pending += new
    return seen


def _obstacle(path: str, modules: _Modules, facts_of: Reader) -> str:
    """Why a file can't take the support module; empty if it can."""
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
        if len(matching) < 2:
            return matching[0] if matching else None
        return min(matching, key=lambda path: (-len(posixpath.commonpath([path, importer])), path))


def _parts(path: str) -> list[str]:
    """`['a', 'b']` for `a/b.py` and for `a/b/__init__.py`."""
    words = [word for word in path.removesuffix('.py').split('/') if word]
    return words[:-1] if words[-1:] == ['__init__'] else words
