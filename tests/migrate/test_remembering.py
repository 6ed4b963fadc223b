"""What is remembered of files: it is what a fresh look would say, and is not asked where something changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate import remembering
from migrate.cache import Cache
from migrate.cli import commands
from migrate.codemod import Job, Outcome, process
from migrate.remembering import Process

PAIRS = Path(__file__).parents[1] / 'rewriters' / 'pairs'
EXPORTS, MORE = 8, 20


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Sources of all kinds, more than are done without processes and without a cache."""
    folder = tmp_path / 'project'
    folder.mkdir()
    pairs = [*sorted(PAIRS.glob('**/*before.py'))[:EXPORTS], *sorted(PAIRS.glob('*.py'))[:EXPORTS]]
    for number, source in enumerate(pairs):
        shutil.copy(source, folder / f'export_{number}.py')
    (folder / 'empty.py').write_bytes(b'')
    (folder / 'python_2.py').write_bytes(b'import tensorflow as tf\nprint "x"\n')
    (folder / 'crlf.py').write_bytes(b'import tensorflow as tf\r\nx = tf.placeholder(tf.float32)\r\n')
    (folder / 'suppressed.py').write_bytes(
        b'import tensorflow as tf\ntf.contrib.a.b()  # savedmodel-migrate: ignore[NAM201]\n'
    )
    for number in range(MORE):
        (folder / f'plain_{number}.py').write_text(f'import os\nprint({number})\n')
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / 'cache' / 'sources.sqlite')


def run(project: Path, cache: Cache | None = None, **options: object) -> list[Outcome]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr('migrate.cache.users_cache', lambda: cache)
        return list(process([project], use_cache=cache is not None, **options))  # type: ignore[arg-type]


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were looked into."""
    names: list[str] = []
    remembered = remembering.remembered

    def watched(process_some: Process, kept: Cache, jobs: Sequence[Job]) -> Iterator[Outcome]:
        def process(some: Sequence[Job]) -> Iterator[Outcome]:
            names.extend(file.name for file, _ in some)
            return process_some(some)

        return remembered(process, kept, jobs)

    monkeypatch.setattr(remembering, 'remembered', watched)
    return names


def test_what_is_remembered_is_what_a_fresh_look_says(project: Path, cache: Cache, looked: list[str]) -> None:
    fresh = run(project)
    assert sum(outcome.changed for outcome in fresh) > 5
    assert any(outcome.report.exports and outcome.report.findings for outcome in fresh)
    assert run(project, cache) == fresh
    without_tensorflow = {'empty.py', *(f'plain_{number}.py' for number in range(MORE))}
    assert {*looked} == {Path(outcome.report.path).name for outcome in fresh} - without_tensorflow
    looked.clear()
    assert run(project, cache) == fresh
    assert looked == ['python_2.py']  # a failure is not remembered
    assert run(project, cache, jobs=2) == fresh


def test_only_what_changed_is_looked_into_again(project: Path, cache: Cache, looked: list[str]) -> None:
    run(project, cache)
    looked.clear()
    (project / 'plain_3.py').write_text('import tensorflow as tf\ntf.Session()\n')
    (project / 'new.py').write_text('import tensorflow as tf\ntf.Session()\n')
    (project / 'empty.py').unlink()
    again = run(project, cache)
    assert sorted(looked) == ['new.py', 'plain_3.py', 'python_2.py']
    assert again == run(project)


def test_other_settings_are_other_outcomes(project: Path, cache: Cache) -> None:
    assert run(project, cache) == run(project)
    assert run(project, cache, target=(2, 12)) == run(project, target=(2, 12))
    (project / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nforms = ["session"]\n')
    settled = run(project, cache)
    assert settled == run(project)
    (project / 'pyproject.toml').unlink()
    assert settled != run(project, cache) == run(project)


def test_what_another_file_does_counts(tmp_path: Path, cache: Cache) -> None:
    """Whether a file may keep its Estimator is decided over all files that it works with."""
    project = tmp_path / 'router'
    shutil.copytree(Path(__file__).parents[2] / 'sample_projects' / 'ticket_router', project)
    for number in range(MORE):
        (project / f'plain_{number}.py').write_text('')
    before = run(project, cache)
    assert sum(outcome.changed for outcome in before) == 3
    model = project / 'model.py'
    model.write_text(model.read_text() + '\nfrom tensorflow.python.estimator import util as _private\n_private.x()\n')
    after = run(project, cache)
    assert after == run(project)
    assert [outcome.after for outcome in after] != [outcome.after for outcome in before]


@pytest.mark.parametrize('damage', ['garbage', 'cut', 'value', 'other table'])
def test_a_damaged_cache_is_no_cache(project: Path, tmp_path: Path, cache: Cache, damage: str) -> None:
    fresh = run(project, cache)
    file = tmp_path / 'cache' / 'sources.sqlite'
    content = file.read_bytes()
    if damage == 'garbage':
        file.write_bytes(b'no database' * 1000)
    elif damage == 'cut':
        file.write_bytes(content[: len(content) // 2])
    elif damage == 'value':
        assert content.count(b'tf.Module') > 5
        file.write_bytes(content.replace(b'tf.Module', b'tf.Modula'))
    else:
        file.unlink()
        with sqlite3.connect(file) as database:
            database.execute('CREATE TABLE entries (name TEXT)')
    assert run(project, cache) == fresh
    assert run(project, cache) == fresh


def test_where_no_cache_can_be_it_goes_without(project: Path, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    assert run(project, Cache(tmp_path / 'file' / 'sources.sqlite')) == run(project)


def test_the_command_uses_the_cache_of_the_user(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'home'))
    outputs = [
        CliRunner().invoke(commands, ['scan', str(project), *options]).output for options in ([], [], ['--no-cache'])
    ]
    assert outputs[0] == outputs[1] == outputs[2] != ''
    folder = tmp_path / 'home' / 'savedmodel-migrate'
    assert [path.name for path in folder.iterdir()] == ['sources.sqlite']
    assert os.name != 'posix' or stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / 'sources.sqlite').unlink()
    CliRunner().invoke(commands, ['scan', str(project), '--no-cache'])
    assert not list(folder.iterdir())


def test_of_few_files_nothing_is_kept(tmp_path: Path, cache: Cache) -> None:
    (tmp_path / 'one.py').write_text('import tensorflow as tf\ntf.Session()\n')
    assert len(run(tmp_path / 'one.py', cache)) == 1
    assert not (tmp_path / 'cache').exists()


def test_nothing_to_say_is_told_from_nothing_known(cache: Cache) -> None:
    cache.add({b'known': b''})
    assert cache.find([b'known', b'unknown']) == {b'known': b''}
