"""Finds the files that imports mean, as if each folder above a file could be where Python looks for modules."""

from __future__ import annotations

import functools
import posixpath
import sys
from collections.abc import Callable, Sequence

from rewriters.kept_estimators.imports import Import
from rewriters.names.uses import TENSORFLOW


class Modules:
    """The files of a project as modules that import each other."""

    def __init__(
        self,
        files: Sequence[str],
        imports_of: Callable[[str], Sequence[Import]],
        runs_of: Callable[[str], Sequence[str]],
    ) -> None:
        self._files = set(files)
        self._imports_of = imports_of
        self._runs_of = runs_of
        self._imported: dict[str, list[str]] = {}
        self._bound_by: dict[str, dict[str, list[Import]]] = {}
        self._by_name: dict[str, list[str]] = {}
        for path in files:
            self._by_name.setdefault(_last_word(path), []).append(path)

    def imported(self, path: str) -> list[str]:
        """The files that a file imports or runs itself."""
        if path not in self._imported:
            found = [file for given in self._imports_of(path) for file in self.files_of(given, path)]
            run = [file for file in self._runs_of(path) if file in self._files]
            self._imported[path] = list(dict.fromkeys([*found, *run]))
        return self._imported[path]

    def missing_run(self, path: str) -> str:
        """A file that a file runs and that is not there, if none is of those that it runs; else nothing."""
        runs = self._runs_of(path)
        return '' if any(file in self._files for file in runs) else next(iter(runs), '')

    def files_of(self, imported: Import, importer: str) -> list[str]:
        """The file of what is imported: a module, or a name in one, or both where the package binds the name too."""
        module, name, level = imported
        whole = self._file_of(module, level, importer)
        part = self._file_of(f'{module}.{name}' if module else name, level, importer) if name else None
        if whole is not None and part is not None and not self._binds(whole, name, part):
            return [part]
        return [path for path in (whole, part) if path is not None]

    def _binds(self, package: str, name: str, module: str) -> bool:
        """Whether a package imports by a name something else than the module of that name."""
        bound = self._bound(package)
        same = [*bound.get(name, ()), *bound.get('*', ())]
        return any(self._file_of(f'{i.module}.{i.name}', i.level, package) != module for i in same)

    def _bound(self, package: str) -> dict[str, list[Import]]:
        """What a package imports from elsewhere, by name: some import thousands, and are asked for each."""
        if package not in self._bound_by:
            bound: dict[str, list[Import]] = {}
            self._bound_by[package] = bound
            for given in self._imports_of(package):
                if given.module:
                    bound.setdefault(given.name, []).append(given)
        return self._bound_by[package]

    def _file_of(self, module: str, level: int, importer: str) -> str | None:
        return self._relative(module, importer, level) if level else self._absolute(module, importer)

    def _relative(self, module: str, importer: str, level: int) -> str | None:
        folder = importer
        for _ in range(level):
            folder = posixpath.dirname(folder)
        base = posixpath.join(folder, *filter(None, module.split('.')))
        return next((p for p in (f'{base}.py', f'{base}/__init__.py') if p in self._files), None)

    def _absolute(self, module: str, importer: str) -> str | None:
        if module.partition('.')[0] == TENSORFLOW:
            return None  # what it names is not among the files, whatever one of them is called
        if module in sys.stdlib_module_names:  # Python finds its own first, but for a file beside the script
            return self._relative(module, importer, 1)
        matching = self._matching(module)
        if len(matching) < 2:
            return matching[0] if matching else None
        return self._nearest(module, posixpath.dirname(importer))

    @functools.cache  # noqa: B019
    def _nearest(self, module: str, folder: str) -> str:
        return min(self._matching(module), key=lambda path: (-len(posixpath.commonpath([path, folder])), path))

    @functools.cache  # noqa: B019
    def _matching(self, module: str) -> list[str]:
        words = [word for word in module.split('.') if word]
        paths = self._by_name.get(words[-1], ()) if words else ()
        return [path for path in paths if len(words) == 1 or _parts(path)[-len(words) :] == words]


def _last_word(path: str) -> str:
    """`b` for `a/b.py` and for `a/b/__init__.py`."""
    return path.removesuffix('.py').removesuffix('/__init__').rpartition('/')[2]


def _parts(path: str) -> list[str]:
    """`['a', 'b']` for `a/b.py` and for `a/b/__init__.py`."""
    words = [word for word in path.removesuffix('.py').split('/') if word]
    return words[:-1] if words[-1:] == ['__init__'] else words
