"""The files of a project as a commit has them, laid over a copy: the old side of what is rewritten already."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from migrate.git import git


def commit_of(project: Path, revision: str) -> str | None:
    """The commit that a revision means in the repository of a project; None where there is none."""
    found = git(project, 'rev-parse', '--verify', '--quiet', '--end-of-options', f'{revision}^{{commit}}')
    return found.decode('ascii').strip() if found else None


def lay_over(copy: Path, project: Path, commit: str) -> None:
    """Writes the files that `commit` has of the project into its copy; what it does not have stays there.

    So data that git does not know is there as well. Raises OSError where git fails, as in a damaged repository.
    """
    archive = git(project, 'archive', '--format=tar', commit, '.')
    if archive is None:
        raise OSError(f'git could not hand out {commit} of {project}')
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            content = members.extractfile(member) if member.isfile() else None
            target = copy / member.name
            if content is None or _leads_elsewhere(copy, target):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
            target.chmod(member.mode | 0o600)


def _leads_elsewhere(copy: Path, target: Path) -> bool:
    """Whether a link on the way to a file would lead to another one."""
    return any(part.is_symlink() for part in (target, *target.parents) if part.is_relative_to(copy) and part != copy)
