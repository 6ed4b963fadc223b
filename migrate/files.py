"""Files: which Python files are meant by the paths that were given, and writing them so that nothing gets lost."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from migrate.git import git
from migrate.holding import held, hold

SKIPPED_FOLDERS = frozenset(
    {'.git', '.hg', '.svn', '.savedmodel-migrate', '.tox', '.nox', '__pycache__', 'node_modules', 'site-packages'}
    | {'.ipynb_checkpoints'}
)
"""Folders in which nothing is ours. Virtual environments are known by their pyvenv.cfg, whatever they are called."""

NOTEBOOK = '.ipynb'

OnError = Callable[[OSError], None]
IsWanted = Callable[[str, str], bool]
"""Whether a file is meant, given by its folder and its name."""

_TEMPORARY = '.savedmodel-migrate-'


def find_python_files(
    paths: Iterable[Path],
    *,
    includes: IsWanted | None = None,
    excludes: IsWanted | None = None,
    on_error: OnError | None = None,
    exclude_given: bool = False,
) -> list[Path]:
    """Returns the Python files that `paths` mean, each once, in a stable order.

    A file that is given is taken as it is, unless `exclude_given`. In a folder of a work tree, git says what is
    ignored. Symbolic links are not followed: what they point at is found where it stands, or is not part of the folder.
    Files are taken that end in `.py` or `.ipynb`, and others that `includes` wants; those are left out that `excludes`
    names. `on_error` gets what can't be read; without it, that raises.
    """
    found: list[tuple[Path, bool]] = []
    for path in paths:
        if path.is_dir():
            files = _files_in(path, _or_source(includes), on_error or _raise)
        elif path.exists():
            files = [path]
        else:
            raise FileNotFoundError(f'there is no file or folder {path}')
        if excludes is not None and (exclude_given or path.is_dir()):
            files = [file for file in files if not excludes(*os.path.split(file))]
        found += [(file, file is path) for file in files]
    return _distinct(found)


def read_file(file: Path) -> bytes:
    """As `file.read_bytes()`, in half the time: a scan reads each file several times."""
    with open(file, 'rb', buffering=0) as opened:
        return opened.read()


def _distinct(found: Iterable[tuple[Path, bool]]) -> list[Path]:
    """The files without those that come again, be it under another path; with each, whether it may be a link."""
    # Where a folder really is, is found out once for all its files: that takes longer than to read one.
    real_folder = functools.cache(os.path.realpath)
    distinct: dict[str, Path] = {}
    for file, may_be_link in found:
        folder, name = os.path.split(file)
        is_link = may_be_link and file.is_symlink()
        distinct.setdefault(os.path.realpath(file) if is_link else os.path.join(real_folder(folder), name), file)
    return list(distinct.values())


def walk_python_files(folder: Path, on_error: OnError | None = None, is_wanted: IsWanted | None = None) -> list[Path]:
    """Returns the Python files under `folder` (or those wanted), in a stable order, whatever git says of them."""
    is_wanted = is_wanted or _is_python
    found: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=on_error or _raise):
        folders[:] = [name for name in folders if not _is_skipped(os.path.join(parent, name))]
        wanted = (os.path.join(parent, name) for name in files if is_wanted(parent, name))
        found += [path for path in wanted if _mode(path, stat.S_ISREG)]
    return _in_order(found)


def is_skipped_folder(folder: Path) -> bool:
    """Whether nothing in `folder` belongs to the project: caches, version control, virtual environments."""
    return _is_skipped(str(folder))


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, which need not be there yet, is the folder or in it, whatever links lead there."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def is_excluded(file: Path, patterns: tuple[str, ...], root: Path) -> bool:
    """Whether one of the globs matches `file` or a folder that it is in.

    A glob without a slash is compared with names, one with a slash with paths relative to `root`.
    """
    if not patterns:
        return False
    path = PurePosixPath(Path(os.path.relpath(file, root)).as_posix())
    candidates = [path, *(parent for parent in path.parents if parent.name)]
    return any(_matches(candidate, pattern) for candidate in candidates for pattern in patterns)


def write_atomically(path: Path, data: bytes, check: Callable[[bytes], None] | None = None) -> None:
    """Writes `data` so that `path` has either its old or its new content, whatever happens. Keeps its mode.

    If `path` is a symbolic link, it stays one. `check` gets what was written, as it is read back, before it replaces
    what was there; if it raises, the file stays as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f'{_TEMPORARY}{os.urandom(8).hex()}.tmp'
    with naming(path):
        try:
            with open(temporary, 'xb') as file:
                hold(file.fileno())
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _keep_mode_and_owner(target, temporary)
            if check is not None:
                check(temporary.read_bytes())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Has errors of the operating system name the file that was asked for: they name a temporary one, or none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def remove_leftovers(folder: Path) -> None:
    """Removes what a write left in `folder` that was killed before its end."""
    for temporary in folder.glob(f'{_TEMPORARY}*.tmp'):
        with held(temporary) as is_dead:
            if is_dead:
                temporary.unlink(missing_ok=True)


def _keep_mode_and_owner(target: Path, temporary: Path) -> None:
    try:
        status = target.stat()
    except FileNotFoundError:
        return
    if hasattr(os, 'chown'):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, status.st_uid, status.st_gid)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _matches(path: PurePosixPath, pattern: str) -> bool:
    pattern = pattern.removeprefix('./').removeprefix('**/').rstrip('/')
    compared = str(path) if '/' in pattern else path.name
    return fnmatchcase(compared, pattern.removeprefix('/').removesuffix('/**'))


def _or_source(includes: IsWanted | None) -> IsWanted:
    if includes is None:
        return _is_source
    return lambda folder, name: _is_source(folder, name) or includes(folder, name)


def _is_source(folder: str, name: str) -> bool:
    return _is_python(folder, name) or name.endswith(NOTEBOOK)


def _is_python(folder: str, name: str) -> bool:
    return name.endswith('.py') and name != '.py'


def _files_in(folder: Path, is_wanted: IsWanted, on_error: OnError) -> list[Path]:
    listed = _listed_by_git(folder)
    if listed is None:
        return walk_python_files(folder, on_error, is_wanted)

    @functools.cache
    def is_left_out(parent: str) -> bool:
        above = parent.rpartition('/')[0]
        return bool(parent) and (is_left_out(above) or _is_skipped(os.path.join(folder, parent)))

    found: list[str] = []
    locked: set[str] = set()
    for entry in listed:
        parent, _, name = entry.rstrip('/').rpartition('/')
        where = os.path.join(folder, *parent.split('/')) if parent else str(folder)
        path = os.path.join(where, name)
        if is_left_out(parent):
            continue
        if is_wanted(where, name) and _mode(path, stat.S_ISREG):
            found.append(path)
        elif _mode(path, stat.S_ISDIR) and not _is_skipped(path):
            # Another repository, of which git names only the folder.
            is_repository = os.path.exists(os.path.join(path, '.git'))
            found += map(str, (_files_in if is_repository else _walked)(Path(path), is_wanted, on_error))
        elif is_wanted(where, name) and _is_kept_from_us(path):
            locked.add(_locked(path))
    for name in sorted(locked):
        on_error(PermissionError(errno.EACCES, os.strerror(errno.EACCES), name))
    return _in_order(found)


def _listed_by_git(folder: Path) -> set[str] | None:
    """Returns what git knows or would add in `folder`; None where there is no git to ask.

    A folder that git ignores, and that was given nevertheless, is meant: git has no say in it.
    """
    real = folder.resolve()
    if not any((above / '.git').exists() for above in (real, *real.parents)):
        return None  # to start git takes as long as to read a hundred files
    in_work_tree = git(folder, 'rev-parse', '--is-inside-work-tree') is not None
    if not in_work_tree or git(folder, 'check-ignore', '-q', '.') is not None:
        return None
    listing = git(folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
    return None if listing is None else {os.fsdecode(name) for name in listing.split(b'\0') if name}


def _walked(folder: Path, is_wanted: IsWanted, on_error: OnError) -> list[Path]:
    return walk_python_files(folder, on_error, is_wanted)


def _is_skipped(folder: str) -> bool:
    return os.path.basename(folder) in SKIPPED_FOLDERS or os.path.isfile(os.path.join(folder, 'pyvenv.cfg'))


def _mode(path: str, is_kind: Callable[[int], bool]) -> bool:
    """Whether a path is of a kind itself, and no link to one that is."""
    try:
        return is_kind(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _locked(path: str) -> str:
    """The folder that may not be looked into, where that keeps us from a path."""
    folder = os.path.dirname(path)
    while _is_kept_from_us(folder):
        folder = os.path.dirname(folder)
    return folder


def _is_kept_from_us(path: str) -> bool:
    """Whether it can't be told what is there. A file that git tracks and that was deleted is simply gone."""
    try:
        os.lstat(path)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _in_order(files: Iterable[str]) -> list[Path]:
    """Those of a folder come together, whatever sign follows its name in others."""
    return [Path(file) for file in sorted(files, key=lambda file: file.split(os.sep))]


def _raise(error: OSError) -> None:
    raise error
