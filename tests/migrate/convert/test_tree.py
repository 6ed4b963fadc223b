"""Which models a folder holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.convert.results import Conversion
from migrate.convert.tree import find_models
from migrate.verify.results import Verdict
from tests.migrate.command import run


def make(folder: Path, file: str = 'saved_model.pb') -> None:
    folder.mkdir(parents=True)
    (folder / file).touch()


def found(folder: Path) -> list[str]:
    return [model.relative_to(folder).as_posix() for model in find_models(folder)]


def test_versions_in_their_order(tmp_path: Path) -> None:
    for version in ('10', '9', '100'):
        make(tmp_path / 'b' / version)
    make(tmp_path / 'a' / '1', 'saved_model.pbtxt')
    assert found(tmp_path) == ['a/1', 'b/9', 'b/10', 'b/100']


def test_what_is_in_a_model_belongs_to_it(tmp_path: Path) -> None:
    make(tmp_path / '1')
    make(tmp_path / '1' / 'ps')
    assert found(tmp_path) == ['1']


def test_what_is_not_ready_is_no_model(tmp_path: Path) -> None:
    make(tmp_path / '.1.0123.tmp' / 'model')
    (tmp_path / '2').mkdir()
    assert found(tmp_path) == []


def test_links_to_models_count_and_circles_do_not(tmp_path: Path) -> None:
    make(tmp_path / 'store' / 'abc')
    models = tmp_path / 'models'
    (models / 'name').mkdir(parents=True)
    (models / 'name' / '1').symlink_to(tmp_path / 'store' / 'abc')
    (models / 'name' / 'latest').symlink_to('..')
    assert found(models) == ['name/1']


def test_an_interrupt_says_how_far_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for version in '12':
        make(tmp_path / 'old' / version)
    monkeypatch.setattr('migrate.output.conversions.convert_tree', interrupted)
    result = run('convert', tmp_path / 'old', tmp_path / 'new')
    said = 'Interrupted: 0 of 2 models are done; the same command goes on with the others.'
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, said)


def test_an_interrupt_of_one_model_says_that_nothing_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    make(tmp_path / 'old')
    monkeypatch.setattr('migrate.output.conversions.convert', interrupted)
    result = run('convert', tmp_path / 'old', tmp_path / 'new')
    said = 'Interrupted: nothing was put in place.'
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, said)


def test_what_is_done_is_shown_where_the_record_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def convert_some(old: Path, new: Path, models: list[Path], _: object) -> Iterator[Conversion]:
        yield Conversion(str(models[0]), str(new / '1'), Verdict.EQUAL, True)
        raise PermissionError(13, 'Permission denied', str(new / 'conversions.json'))

    for version in '12':
        make(tmp_path / 'old' / version)
    monkeypatch.setattr('migrate.output.conversions.convert_tree', convert_some)
    result = run('convert', tmp_path / 'old', tmp_path / 'new', '--format', 'json')
    assert result.exit_code == 3
    assert [each['placed'] for each in json.loads(result.stdout)['conversions']] == [True]
    assert f'{tmp_path / "new" / "conversions.json"}: Permission denied' in result.stderr


def test_a_model_that_lost_its_graph_is_said(tmp_path: Path) -> None:
    make(tmp_path / 'old' / 'a' / '1' / 'variables', 'variables.index')
    assert found(tmp_path / 'old') == ['a/1']
    result = run('convert', tmp_path / 'old', tmp_path / 'new')
    assert result.exit_code == 3
    assert 'a/1 holds no saved_model.pb' in result.stdout
