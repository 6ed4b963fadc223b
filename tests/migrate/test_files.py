"""Files: what counts as a Python file of a project, and writing that loses nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from migrate.files import find_python_files, is_excluded, remove_leftovers, write_atomically
from migrate.holding import hold


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(*paths: Path, root: Path, exclude: tuple[str, ...] = ()) -> list[str]:
    def excludes(folder: str, name: str) -> bool:
        return is_excluded(Path(folder, name), exclude, root)

    files = find_python_files(paths or (root,), excludes=excludes)
    return [file.relative_to(root).as_posix() for file in files]


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(['git', '-C', str(folder), *arguments], check=True, capture_output=True)


def test_finds_python_files_in_a_stable_order(tmp_path: Path) -> None:
    make(tmp_path, 'b.py', 'a/z.py', 'a/b/c.py', 'a.py', 'notes.txt', 'a/data.pyc')
    assert found(root=tmp_path) == ['a/b/c.py', 'a/z.py', 'a.py', 'b.py']


def test_leaves_out_folders_that_are_not_the_projects(tmp_path: Path) -> None:
    make(
        tmp_path, 'a.py', '.git/x.py', 'node_modules/x.py', '__pycache__/x.py', '.savedmodel-migrate/x.py',
        'env37/pyvenv.cfg', 'env37/lib/x.py',
    )  # fmt: skip
    assert found(root=tmp_path) == ['a.py']


def test_a_given_file_is_always_taken_and_only_once(tmp_path: Path) -> None:
    make(tmp_path, 'a.py', 'node_modules/x.py', 'script')
    given = (tmp_path / 'script', tmp_path / 'node_modules/x.py', tmp_path, tmp_path / 'a.py')
    assert found(*given, root=tmp_path, exclude=('*',)) == ['script', 'node_modules/x.py', 'a.py']


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r'no file or folder .*gone'):
        find_python_files([tmp_path / 'gone'])


def test_links_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, 'project/a.py', 'elsewhere/b.py')
    (tmp_path / 'project/loop').symlink_to(tmp_path / 'project')
    (tmp_path / 'project/link.py').symlink_to('a.py')
    (tmp_path / 'project/out').symlink_to(tmp_path / 'elsewhere')
    assert found(root=tmp_path / 'project') == ['a.py']


@pytest.mark.parametrize(
    ('pattern', 'left'),
    [
        ('third_party', ['a.py', 'deep/x_pb2.py']),
        ('deep/third_party', ['a.py', 'deep/x_pb2.py', 'third_party/y.py']),
        ('deep/**', ['a.py', 'third_party/y.py']),
        ('./deep/', ['a.py', 'third_party/y.py']),
        ('**/*_pb2.py', ['a.py', 'deep/third_party/x.py', 'third_party/y.py']),
        ('*_pb2.py', ['a.py', 'deep/third_party/x.py', 'third_party/y.py']),
        ('[ab].py', ['deep/third_party/x.py', 'deep/x_pb2.py', 'third_party/y.py']),
    ],
)
def test_excludes_what_a_glob_matches(tmp_path: Path, pattern: str, left: list[str]) -> None:
    make(tmp_path, 'a.py', 'deep/third_party/x.py', 'deep/x_pb2.py', 'third_party/y.py')
    assert found(root=tmp_path, exclude=(pattern,)) == left


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    make(tmp_path, 'tracked.py', 'new.py', 'built/x.py', 'node_modules/x.py', 'spä ce.py', 'deleted.py')
    (tmp_path / '.gitignore').write_text('built/\n')
    git(tmp_path, 'init', '-q')
    git(tmp_path, 'add', 'tracked.py', 'deleted.py', 'node_modules')
    (tmp_path / 'deleted.py').unlink()
    return tmp_path


def test_git_says_what_is_ignored(repository: Path) -> None:
    assert found(root=repository) == ['new.py', 'spä ce.py', 'tracked.py']


def test_a_hooks_variables_do_not_lead_to_another_repository(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp('other')
    git(other, 'init', '-q')
    monkeypatch.setenv('GIT_DIR', str(other / '.git'))
    assert found(root=repository) == ['new.py', 'spä ce.py', 'tracked.py']


def test_an_ignored_folder_that_is_given_is_meant(repository: Path) -> None:
    assert found(repository / 'built', root=repository) == ['built/x.py']


def test_repositories_inside_the_repository_belong_to_it(repository: Path) -> None:
    make(repository, 'nested/y.py', 'nested/.gitignore', 'nested/ignored.py')
    (repository / 'nested/.gitignore').write_text('ignored.py\n')
    git(repository / 'nested', 'init', '-q')
    assert 'nested/y.py' in found(root=repository)
    assert 'nested/ignored.py' not in found(root=repository)


def test_an_empty_submodule_is_no_endless_loop(repository: Path) -> None:
    (repository / 'module').mkdir()
    git(repository, 'update-index', '--add', '--cacheinfo', f'160000,{"1" * 40},module')
    assert found(root=repository) == ['new.py', 'spä ce.py', 'tracked.py']


def test_without_git_the_folder_is_walked(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PATH', '')
    assert 'built/x.py' in found(root=repository)


@pytest.mark.skipif(os.name != 'posix' or os.geteuid() == 0, reason='needs a folder that this user cannot read')
def test_an_unreadable_folder_is_reported(tmp_path: Path) -> None:
    make(tmp_path, 'a.py', 'locked/b.py')
    (tmp_path / 'locked').chmod(0)
    problems: list[OSError] = []
    assert len(find_python_files([tmp_path], on_error=problems.append)) == 1
    assert len(problems) == 1


def test_a_git_folder_that_is_a_link_is_one(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    files = find_python_files([repository])
    elsewhere = tmp_path_factory.mktemp('elsewhere') / 'git'
    (repository / '.git').rename(elsewhere)
    (repository / '.git').symlink_to(elsewhere)
    assert find_python_files([repository]) == files


def test_what_git_tracks_in_an_unreadable_folder_is_missed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(repository, 'locked/b.py', 'locked/deep/c.py', 'locked/data.bin')
    git(repository, 'add', 'locked')
    locked = str(repository / 'locked')
    lstat = os.lstat

    def by_others(path: str) -> os.stat_result:
        if str(path).startswith(locked + os.sep):
            raise PermissionError(13, 'Permission denied', path)
        return lstat(path)

    # Root, as whom tests often run, is let into every folder.
    monkeypatch.setattr(os, 'lstat', by_others)
    problems: list[OSError] = []
    files = find_python_files([repository], on_error=problems.append)
    assert sorted(file.name for file in files) == ['new.py', 'spä ce.py', 'tracked.py']
    assert [(problem.filename, problem.strerror) for problem in problems] == [(locked, 'Permission denied')]


def test_writing_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    path.write_bytes(b'old')
    path.chmod(0o750)
    write_atomically(path, b'new')
    assert path.read_bytes() == b'new'
    assert path.stat().st_mode & 0o777 == 0o750
    assert os.listdir(tmp_path) == ['a.py']


def test_writing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    make(tmp_path, 'real.py')
    link = tmp_path / 'link.py'
    link.symlink_to('real.py')
    write_atomically(link, b'new')
    assert link.is_symlink()
    assert (tmp_path / 'real.py').read_bytes() == b'new'


def test_leftovers_are_removed_but_not_of_those_who_still_write(tmp_path: Path) -> None:
    dead, living = (tmp_path / f'.savedmodel-migrate-{number}.tmp' for number in range(2))
    dead.write_bytes(b'half a f')
    with living.open('xb') as file:
        assert hold(file.fileno())
        remove_leftovers(tmp_path)
        assert os.listdir(tmp_path) == [living.name]
    remove_leftovers(tmp_path)
    assert not os.listdir(tmp_path)


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'a.py'
    path.write_bytes(b'old')

    def no_space(_: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', no_space)
    with pytest.raises(OSError, match='No space left'):
        write_atomically(path, b'new')
    assert path.read_bytes() == b'old'
    assert os.listdir(tmp_path) == ['a.py']


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        write_atomically(tmp_path / 'nowhere' / 'a.py', b'new')
    assert missing.value.filename == str(tmp_path / 'nowhere' / 'a.py')

    def no_space(_: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', no_space)
    with pytest.raises(OSError, match='No space left') as full:
        write_atomically(tmp_path / 'a.py', b'new')
    assert full.value.filename == str(tmp_path / 'a.py')
