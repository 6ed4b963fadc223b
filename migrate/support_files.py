"""Places the support modules that rewritten code imports: one file for each, where Python finds it.

The codemod names them (`Rewrite.support_modules`); their source is in `rewriters/support`. A file goes beside the
rewritten one or, where that stands in a package, beside the outermost package: there `import session_module` finds it
when the program is started from that folder, as scripts and `python -m package.module` are. Many a folder has an
`__init__.py` and is no package: no import statement could name it, its modules import each other as scripts do, or it
is the root of a project, whose packages stand in it.
The setting `session-module` gives the session module one place in the project, from where all of it is imported.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from migrate.config import load_settings
from migrate.files import write_atomically
from migrate.git import repository_of
from rewriters.options import SESSION_MODULE

_IMPORTED = re.compile(rb'^[ \t]*(?:import|from)[ \t]+(\w+)', re.MULTILINE)
_OF_SESSIONS = re.compile(rb'^import session_module\b', re.MULTILINE)
_PROJECT_FILES = {
    # One that only compiles an extension stands in the package that the extension is for.
    'setup.py': re.compile(rb'\b(?:packages|py_modules)\b'),
    'setup.cfg': re.compile(rb'^\[(?:metadata|options)\]', re.MULTILINE),
    'pyproject.toml': re.compile(rb'^\[(?:project|build-system|tool\.poetry)[.\]]', re.MULTILINE),
}
"""What describes a project, and how one knows that it does."""
_IS_THE_PACKAGE = re.compile(rb"""\bpackage_dir\s*=\s*\{\s*['"]\w+['"]\s*:\s*['"](?:\./?)?['"]""")
"""`package_dir={'albert': ''}`: the folder of setup.py is the package itself."""


class SupportFileError(Exception):
    """A support module can't be placed: another file has its name, or its place is outside of the repository."""


@dataclass(frozen=True)
class SessionModule:
    """Where the settings of a project put the session module."""

    path: Path
    name: str
    """By which it is imported: with its packages, from the outermost folder that has an `__init__.py` on."""


def session_module_of(folder: Path) -> SessionModule | None:
    """What the settings that apply to a folder say of the session module; None where they say nothing.

    Raises:
        ConfigError: the settings that apply there can't be read.
    """
    settings = load_settings(folder)
    if settings.session_module is None:
        return None
    path = settings.folder.resolve() / settings.session_module
    names = [path.stem]
    for package in path.parents:
        if package == settings.folder.resolve() or not (package / '__init__.py').exists():
            break
        names.insert(0, package.name)
    return SessionModule(path, '.'.join(names))


def session_module_name(folder: Path) -> str:
    """By what name the code in a folder imports the session module. Raises as `session_module_of`."""
    chosen = session_module_of(folder)
    return chosen.name if chosen is not None else SESSION_MODULE


def check_support_files(file: Path, modules: Iterable[str]) -> None:
    """Checks that what the rewritten `file` imports can be placed.

    Raises:
        SupportFileError: it would replace a file of the user's, or stand outside of the repository.
    """
    repository = repository_of(file)
    for target, source in _places(file, modules):
        if repository is not None and not target.is_relative_to(repository):
            raise SupportFileError(
                f'it needs {target.name} beside the package {repository.name}, which is the whole repository: move the '
                f'package into a folder of it, or remove {repository / "__init__.py"} if nothing imports it'
            )
        if target.exists() and not (target.is_file() and target.read_bytes() == source):
            raise SupportFileError(
                f'it needs {target}, which is another file: rename that, or remove it if it came with an earlier '
                'version of this tool'
            )


def missing_support_files(file: Path, modules: Iterable[str]) -> list[tuple[Path, bytes]]:
    """The support modules that the rewritten `file` imports and that are not there yet: where each goes, its source."""
    return [(target, source) for target, source in _places(file, modules) if not target.exists()]


def place_support_files(file: Path, modules: Iterable[str]) -> list[Path]:
    """Writes the support modules that the rewritten `file` imports; returns those that were not there yet."""
    missing = missing_support_files(file, modules)
    for target, source in missing:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, source)
    return [target for target, _ in missing]


def place_of(file: Path, module: str) -> Path:
    """Where the support module stands that a rewritten file imports. Raises as `session_module_of`."""
    chosen = session_module_of(file.resolve().parent) if module == SESSION_MODULE else None
    return chosen.path if chosen is not None else support_path(file, module)


def is_support_file(path: Path) -> bool:
    """Whether it is one of ours, by what it says in its first lines, and not another file of that name."""
    try:
        return path.read_bytes().split(b'\n')[:2] == source_of(path.stem).split(b'\n')[:2]
    except OSError:
        return False


def _places(file: Path, modules: Iterable[str]) -> Iterator[tuple[Path, bytes]]:
    """Where each of the modules goes, and its source: the others import the session module from where it is put."""
    modules = tuple(modules)
    chosen = session_module_of(file.resolve().parent) if SESSION_MODULE in modules else None
    for module in modules:
        if chosen is None:
            yield support_path(file, module), source_of(module)
        elif module == SESSION_MODULE:
            yield chosen.path, source_of(module)
        else:
            package = chosen.name.rpartition('.')[0]
            statement = f'from {package} import {SESSION_MODULE}' if package else f'import {SESSION_MODULE}'
            yield support_path(file, module), _OF_SESSIONS.sub(statement.encode(), source_of(module))


def support_path(file: Path, module: str) -> Path:
    """Where the support module of a rewritten file stands."""
    folder = file.resolve().parent
    while _is_package(folder):
        folder = folder.parent
    return folder / f'{module}.py'


@lru_cache
def _is_package(folder: Path) -> bool:
    is_named = (folder / '__init__.py').exists() and folder.name.isidentifier()
    return is_named and not _is_project(folder) and not _holds_scripts(folder)


def _is_project(folder: Path) -> bool:
    """Whether the folder is the root of a project: what stands in it is imported, and not the folder."""
    texts = {name: _bytes_of(folder / name) for name in _PROJECT_FILES}
    is_described = any(pattern.search(texts[name]) for name, pattern in _PROJECT_FILES.items())
    return is_described and not _IS_THE_PACKAGE.search(texts['setup.py'])


def _holds_scripts(folder: Path) -> bool:
    """Whether some module of the folder imports another by its bare name, so that the folder must be on the path."""
    files = {file.stem.encode(): file for file in folder.glob('*.py') if file.stem not in sys.stdlib_module_names}
    return any(name in files and files[name] != file for file in files.values() for name in _imported_by(file))


def _imported_by(file: Path) -> set[bytes]:
    return set(_IMPORTED.findall(_bytes_of(file)))


def _bytes_of(file: Path) -> bytes:
    """What is in a file; nothing where it can't be read."""
    try:
        return file.read_bytes()
    except OSError:
        return b''


def source_of(module: str) -> bytes:
    """The support module's source."""
    from importlib import resources  # takes as long to import as a file to look into

    return resources.files('rewriters.support').joinpath(f'{module}.py').read_bytes()
