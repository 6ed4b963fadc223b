"""Places the support modules that rewritten code imports: one file for each, where Python finds it.

The codemod names them (`Rewrite.support_modules`); their source is in `rewriters/support`. A file goes beside the
rewritten one or, where that stands in a package, beside the outermost package: there `import session_module` finds it
when the program is started from that folder, as scripts and `python -m package.module` are. Many a folder has an
`__init__.py` and is no package: no import statement could name it, or its modules import each other as scripts do.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path

from migrate.files import write_atomically

_IMPORTED = re.compile(rb'^[ \t]*(?:import|from)[ \t]+(\w+)', re.MULTILINE)


class SupportFileError(Exception):
    """A support module can't be placed: another file has its name."""


def check_support_files(file: Path, modules: Iterable[str]) -> None:
    """Raises SupportFileError where a support module of the rewritten `file` would replace a file of the user's."""
    for module in modules:
        target = support_path(file, module)
        if target.exists() and target.read_bytes() != source_of(module):
            raise SupportFileError(
                f'it needs {target}, which is another file: rename that, or replace it by the support module'
            )


def place_support_files(file: Path, modules: Iterable[str]) -> list[Path]:
    """Writes the support modules that the rewritten `file` imports; returns those that were not there yet."""
    placed: list[Path] = []
    for module in modules:
        target = support_path(file, module)
        if not target.exists():
            write_atomically(target, source_of(module))
            placed.append(target)
    return placed


def support_path(file: Path, module: str) -> Path:
    """Where the support module of a rewritten file stands."""
    folder = file.resolve().parent
    while _is_package(folder):
        folder = folder.parent
    return folder / f'{module}.py'


@lru_cache
def _is_package(folder: Path) -> bool:
    return (folder / '__init__.py').exists() and folder.name.isidentifier() and not _holds_scripts(folder)


def _holds_scripts(folder: Path) -> bool:
    """Whether some module of the folder imports another by its bare name, so that the folder must be on the path."""
    files = {file.stem.encode(): file for file in folder.glob('*.py') if file.stem not in sys.stdlib_module_names}
    return any(name in files and files[name] != file for file in files.values() for name in _imported_by(file))


def _imported_by(file: Path) -> set[bytes]:
    try:
        return set(_IMPORTED.findall(file.read_bytes()))
    except OSError:
        return set()


def source_of(module: str) -> bytes:
    """The support module's source."""
    return resources.files('rewriters.support').joinpath(f'{module}.py').read_bytes()
