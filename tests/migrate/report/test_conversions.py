"""What `convert` left is found, and whether it still holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate.cli import commands
from migrate.convert.record import Record
from migrate.convert.results import converted, refused
from migrate.report.conversions import find_conversions
from migrate.report.model import ConvertedModel


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Models and what a run of `convert` says of them: `a` is in its place, `b` could not be converted."""
    for name in ('old/a/1', 'old/b/1', 'new/a/1'):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / 'saved_model.pb').write_bytes(name.encode())
    record = Record(tmp_path / 'old', tmp_path / 'new')
    old, new = (tmp_path / side / 'a' / '1' for side in ('old', 'new'))
    done = converted(str(old), str(new), (), ())
    record.add(type(done)(done.old, done.new, done.verdict, True))
    record.add(refused(str(tmp_path / 'old/b/1'), str(tmp_path / 'new/b/1'), 'it is broken', 'Mend it.'))
    return tmp_path


def models(folder: Path) -> dict[str, ConvertedModel]:
    (found,) = find_conversions([folder])
    assert found.path == (folder / 'new').as_posix()
    return {model.name: model for model in found.models}


def test_each_model_with_what_became_of_it(folder: Path) -> None:
    found = models(folder)
    assert found['a/1'].conversion.placed
    assert found['b/1'].conversion.refusal == 'it is broken'
    assert not any(model.out_of_date for model in found.values())


def test_a_new_model_that_is_gone(folder: Path) -> None:
    (folder / 'new/a/1/saved_model.pb').unlink()
    assert models(folder)['a/1'].out_of_date == 'the new model is not there any more'


def test_an_old_model_that_is_another_one(folder: Path) -> None:
    for name in ('a', 'b'):
        (folder / 'old' / name / '1' / 'saved_model.pb').write_bytes(b'trained again')
    assert [model.out_of_date for model in models(folder).values()] == ['the old model is another one now'] * 2


def test_an_old_model_that_is_on_another_machine(folder: Path) -> None:
    (folder / 'old').rename(folder / 'away')
    assert not any(model.out_of_date for model in models(folder).values())


def test_a_folder_that_was_moved(folder: Path) -> None:
    (folder / 'new').rename(folder / 'moved')
    (found,) = find_conversions([folder, folder / 'moved'])
    assert found.path == (folder / 'moved').as_posix()
    assert not any(model.out_of_date for model in found.models)


def test_a_file_of_the_same_name_that_is_none_of_ours(folder: Path) -> None:
    (folder / 'new' / 'conversions.json').write_text('{"usd": 1.07}')
    assert find_conversions([folder]) == ()


def test_what_is_damaged_is_said_and_fails(folder: Path) -> None:
    manifest = folder / 'new' / 'conversions.json'
    manifest.write_text(manifest.read_text()[:-20])
    result = CliRunner().invoke(commands, ['report', str(folder), '--format', 'json', '-o', '-'])
    assert result.exit_code == 3
    assert f'{folder / "new"}: not a stored Manifest' in result.stderr
    (found,) = json.loads(result.stdout)['conversions']
    assert found['models'] == []


def test_in_a_report(folder: Path) -> None:
    result = CliRunner().invoke(commands, ['report', str(folder), '--format', 'markdown', '-o', '-'])
    assert result.exit_code == 0
    assert '| `b/1` | **error** | no | it is broken<br>→ Mend it. |' in result.stdout
