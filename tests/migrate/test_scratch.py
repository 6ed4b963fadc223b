"""Folders to work in: gone afterwards, and those of runs that were killed with the next run."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from migrate.scratch import scratch_folder
from tests.migrate.killing import kill_at_each_step

LEFT = 'savedmodel-migrate-0123abcd.tmp'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    return tmp_path


def work() -> None:
    with scratch_folder() as scratch:
        (scratch / 'model').mkdir()
        (scratch / 'model' / 'file').write_bytes(b'x')


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_gone_afterwards_and_nobody_else_can_read_it(folder: Path) -> None:
    with scratch_folder() as scratch:
        assert scratch.parent == folder
        assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
    assert names(folder) == []


def test_what_a_killed_run_left_goes_with_the_next(folder: Path) -> None:
    left = 0
    for _ in kill_at_each_step(work):
        left = max(left, len(names(folder)))
        work()
        assert names(folder) == []
    assert left == 1


def test_what_a_living_run_has_stays(folder: Path) -> None:
    with scratch_folder() as living:
        work()
        assert names(folder) == [living.name]


@pytest.mark.parametrize('name', ['savedmodel-migrate-mine.tmp', 'savedmodel-migrate-0123abcd', '.' + LEFT, 'x' + LEFT])
def test_what_is_called_otherwise_stays(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    work()
    assert names(folder) == [name]


def test_what_a_link_of_such_a_name_points_at_stays(folder: Path) -> None:
    (folder / 'mine').mkdir()
    (folder / LEFT).symlink_to('mine', target_is_directory=True)
    work()
    assert names(folder) == ['mine', LEFT]


def test_a_link_in_what_was_left_is_not_followed(folder: Path) -> None:
    (folder / 'mine').mkdir()
    (folder / 'mine' / 'file').write_bytes(b'x')
    (folder / LEFT).mkdir()
    (folder / LEFT / 'variables').symlink_to(folder / 'mine', target_is_directory=True)
    work()
    assert names(folder) == ['mine']
    assert names(folder / 'mine') == ['file']


def test_what_another_user_left_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / LEFT).mkdir()
    mine = os.getuid()
    monkeypatch.setattr(os, 'getuid', lambda: mine + 1)
    work()
    assert names(folder) == [LEFT]


def test_a_folder_that_cannot_be_listed_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, 'iterdir', refuse)
    with scratch_folder() as scratch:
        assert scratch.is_dir()
