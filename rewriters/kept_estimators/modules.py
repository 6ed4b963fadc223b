"""Finds the files that imports mean, as if each folder above a file could be where Python looks for modules."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Sequence

from rewriters.kept_estimators.imports import Import


class Modules:
    """The files of a project as modules that import each other."""

    def __init__(self, files: Sequence[str], imports_of: Callable[[str], Sequence[Import]]) -> None:
        self._files = set(files)
        self._imports_of = imports_of
        self._imported: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for path in files:
            self._by_name.setdefault(_last_word(path), []).append(path)

    def imported(self, path: str) -> list[str]:
        """The files that a file imports itself."""
        if path not in self._imported:
            found = (file for given in self._imports_of(path) for file in self.files_of(given, path))
            self._imported[path] = list(dict.fromkeys(found))
        return self._imported[path]

    def files_of(self, imported: Import, importer: str) -> list[str]:
        """The file of the module, and that of the name if it is a module."""
        module, name, level = imported
        names = [module, f'{module}.{name}' if module and name else name] if name else [module]
        found = [self._relative(each, importer, level) if level else self._absolute(each, importer) for each in names]
        return [path for path in found if path is not None]

    def _relative(self, module: str, importer: str, level: int) -> str | None:
        folder = importer
        for _ in range(level):
            folder = posixpath.dirname(folder)
        base = posixpath.join(folder, *filter(None, module.split('.')))
        return next((p for p in (f'{base}.py', f'{base}/__init__.py') if p in self._files), None)

    def _absolute(self, module: str, importer: str) -> str | None:
        matching = self._matching(module)
        if len(matching) < 2:
            return matching[0] if matching else None
        return min(matching, key=lambda path: (-len(posixpath.commonpath([path, importer])), path))

    @functools.cache  # noqa: B019
    def _matching(self, module: str) -> list[str]:
        words = [word for word in module.split('.') if word]
        paths = self._by_name.get(words[-1], ()) if words else ()
        return [path for path in paths if _parts(path)[-len(words) :] == words]


def _last_word(path: str) -> str:
    """`b` for `a/b.py` and for `a/b/__init__.py`."""
    return path.removesuffix('.py').removesuffix('/__init__').rpartition('/')[2]


def _parts(path: str) -> list[str]:
    """`['a', 'b']` for `a/b.py` and for `a/b/__init__.py`."""
    words = [word for word in path.removesuffix('.py').split('/') if word]
    return words[:-1] if words[-1:] == ['__init__'] else words
