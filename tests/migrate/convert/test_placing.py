"""A new model is in its place as a whole or not at all, however its process ends."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from migrate.convert import Refusal
from migrate.convert.isolation import copy_files
from migrate.convert.placing import put_in_place, remove_what_dead_runs_left, scratch_beside
from migrate.files import write_atomically
from tests.migrate.killing import kill_at_each_step, with_full_disk

FILES = {'saved_model.pb': b'graph' * 100, 'variables/variables.index': b'index', 'assets.extra/more/x': b'x'}


def place(source: Path, target: Path) -> None:
    """What `convert` does once the new model is written."""
    with scratch_beside(target) as scratch:
        copy_files(source, scratch / 'model')
        put_in_place(scratch / 'model', target)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / 'source'
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def test_a_process_that_is_killed(tmp_path: Path, source: Path) -> None:
    kills = 0
    for _ in kill_at_each_step(lambda: place(source, tmp_path / 'new')):
        kills += 1
        if (tmp_path / 'new').exists():
            assert contents(tmp_path / 'new') == FILES
            shutil.rmtree(tmp_path / 'new')
        assert contents(source) == FILES
        remove_what_dead_runs_left(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ['source']
    assert kills > 8
    assert contents(tmp_path / 'new') == FILES


def test_a_manifest_whose_writing_was_killed(tmp_path: Path) -> None:
    manifest = tmp_path / 'conversions.json'
    manifest.write_bytes(b'old')
    for _ in kill_at_each_step(lambda: write_atomically(manifest, b'new')):
        assert manifest.read_bytes() == b'old'
        remove_what_dead_runs_left(tmp_path)
        assert list(tmp_path.iterdir()) == [manifest]
    assert manifest.read_bytes() == b'new'


def test_what_a_living_run_has_stays(tmp_path: Path, source: Path) -> None:
    with scratch_beside(tmp_path / 'new') as scratch:
        copy_files(source, scratch / 'model')
        remove_what_dead_runs_left(tmp_path)
        assert contents(scratch / 'model') == FILES


@pytest.mark.parametrize(
    'name', ['.new.0123abcd.tmp', '.new.savedmodel-migrate-mine.tmp', 'savedmodel-migrate-0123abcd.tmp']
)
def test_what_others_left_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    remove_what_dead_runs_left(tmp_path)
    assert (tmp_path / name).is_dir()


def test_what_a_link_of_such_a_name_points_at_stays(tmp_path: Path, source: Path) -> None:
    (tmp_path / '.new.savedmodel-migrate-0123abcd.tmp').symlink_to(source, target_is_directory=True)
    remove_what_dead_runs_left(tmp_path)
    assert contents(source) == FILES


def test_a_full_disk(tmp_path: Path, source: Path) -> None:
    assert not with_full_disk(lambda: place(source, tmp_path / 'new'), free=200)
    assert sorted(path.name for path in tmp_path.iterdir()) == ['source']


def test_what_stands_in_the_place_stays(tmp_path: Path, source: Path) -> None:
    (tmp_path / 'new').mkdir()
    (tmp_path / 'new' / 'mine').write_text('mine')
    with pytest.raises(Refusal, match='exists already'):
        place(source, tmp_path / 'new')
    assert contents(tmp_path / 'new') == {'mine': b'mine'}
    assert sorted(path.name for path in tmp_path.iterdir()) == ['new', 'source']


def test_servers_take_what_is_not_ready_for_no_version(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / 'models' / '3') as scratch:
        assert scratch.parent == tmp_path / 'models'
        assert scratch.name.startswith('.3.')
    assert not list((tmp_path / 'models').iterdir())


def test_modes_that_forbid_to_write_are_not_taken_over(tmp_path: Path, source: Path) -> None:
    (source / 'assets.extra' / 'more' / 'x').chmod(0o400)
    (source / 'assets.extra' / 'more').chmod(0o500)
    place(source, tmp_path / 'new')
    assert os.stat(tmp_path / 'new' / 'assets.extra' / 'more').st_mode & 0o200
