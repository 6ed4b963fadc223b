"""A new model is in its place as a whole or not at all, however its process ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.convert import Refusal
from migrate.convert.isolation import copy_files
from migrate.convert.placing import put_in_place, scratch_beside
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
    for kills in kill_at_each_step(lambda: place(source, tmp_path / 'new')):
        if (tmp_path / 'new').exists():
            assert contents(tmp_path / 'new') == FILES
            os.rename(tmp_path / 'new', tmp_path / f'new-{kills}')
        assert contents(source) == FILES
    assert kills > 8
    assert contents(tmp_path / 'new') == FILES


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
