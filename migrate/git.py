"""Asks git, where there is one: what it knows of a folder, and which files have changes that nobody committed."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_AT_ONCE = 200
"""So many files are asked for together: a command line has an end."""


def git(folder: Path, *arguments: str) -> bytes | None:
    """Returns what git prints; None if it fails or does not exist."""
    # A git hook that runs us sets variables for its own repository, which need not be that of the folder.
    environment = {name: value for name, value in os.environ.items() if not name.startswith('GIT_')}
    command = ['git', '-C', str(folder), *arguments]
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    except OSError:
        return None
    return result.stdout if result.returncode == 0 else None


def repository_of(path: Path) -> Path | None:
    """The work tree that a path is in, whether there is a git to ask or not."""
    return next((folder for folder in path.resolve().parents if (folder / '.git').exists()), None)


def is_tracked(file: Path) -> bool | None:
    """Whether git knows a file, be it only added; None where it is in no work tree, or there is no git."""
    real = file.resolve()
    listing = git(real.parent, '--literal-pathspecs', 'ls-files', '--', real.name)
    return None if listing is None else bool(listing)


def uncommitted(files: Iterable[Path]) -> list[Path]:
    """Returns the files that differ from what is committed, or that were never committed.

    A file that is in no repository, that git ignores, or that there is no git for, is none of them.
    """
    by_repository: dict[Path, dict[str, Path]] = defaultdict(dict)
    for file in files:
        real = Path(os.path.realpath(file))
        repository = repository_of(real)
        if repository is not None:
            by_repository[repository][real.relative_to(repository).as_posix()] = file
    found = []
    for folder, names in by_repository.items():
        found += [names[name] for name in _changed(folder, list(names)) if name in names]
    return found


def _changed(repository: Path, names: list[str]) -> list[str]:
    changed = []
    for start in range(0, len(names), _AT_ONCE):
        # Renames are told as what they are made of, so that every entry is one name.
        options = ('--porcelain', '-z', '--untracked-files=all', '--no-renames')
        asked = ('--literal-pathspecs', 'status', *options, '--', *names[start : start + _AT_ONCE])
        entries = (git(repository, *asked) or b'').split(b'\0')
        changed += [os.fsdecode(entry[3:]) for entry in entries if entry]
    return changed
