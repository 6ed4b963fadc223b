"""Only what is proven gets its place, or what the user forces."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate.cli import commands
from migrate.convert import Conversion, TagSet, conversion
from migrate.convert.conversion import Settings
from migrate.convert.parts import Part
from migrate.convert.results import converted
from migrate.verify import Verdict, Verification
from migrate.verify.results import Side
from tests.migrate.saved_model.messages import FLOAT, saved_model


def place(folder: Path, verdict: Verdict, force: bool) -> Conversion:
    old, made, new = folder / 'old', folder / 'made', folder / 'new'
    made.mkdir()
    (made / 'saved_model.pb').write_bytes(b'model')
    message = saved_model({'serving_default': {'outputs': {'y': (FLOAT, [])}}})
    job = conversion._Job(old, new, made, [Part(old, message.meta_graphs[0], '', {})], (), ExitStack(), [()])
    job.verifications.append(Verification(Side('x'), Side('y'), verdict, 'so it is'))
    settings = Settings('python', 1, 0, force, frozenset(), 1, lambda message: None)
    return conversion._place(job, settings, lambda conversion: None)


@pytest.mark.parametrize('verdict', list(Verdict))
@pytest.mark.parametrize('force', [False, True])
def test_what_is_put_in_place(tmp_path: Path, verdict: Verdict, force: bool) -> None:
    done = place(tmp_path, verdict, force)
    expected = force or verdict in (Verdict.IDENTICAL, Verdict.EQUAL)
    assert done.placed is expected
    assert (tmp_path / 'new' / 'saved_model.pb').exists() is expected
    assert done.verdict is verdict
    assert done.tag_sets[0].verification.new.path == str(tmp_path / 'new')


@pytest.mark.parametrize(
    ('verdict', 'code'),
    [
        (Verdict.EQUAL, 0),
        (Verdict.DIFFERENT, 1),
        (Verdict.INCOMPATIBLE, 1),
        (Verdict.ERROR, 3),
        (Verdict.INCONCLUSIVE, 4),
    ],
)
def test_exit_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, code: int) -> None:
    def found(pairs: list[tuple[Path, Path]], settings: Settings) -> list[Conversion]:
        tag_set = TagSet(('serve',), '', Verification(Side('x'), Side('y'), verdict, 'so it is'))
        return [converted('old', 'new', (tag_set,), ())]

    monkeypatch.setattr('migrate.output.conversions.convert', found)
    (tmp_path / 'old').mkdir()
    (tmp_path / 'old' / 'saved_model.pb').write_bytes(b'')
    arguments = ['convert', str(tmp_path / 'old'), str(tmp_path / 'new')]
    assert CliRunner().invoke(commands, arguments).exit_code == code
    result = CliRunner().invoke(commands, [*arguments, '--format', 'json'])
    assert result.exit_code == code
    assert json.loads(result.stdout)['conversions'][0]['verdict'] == verdict.value


def test_a_folder_without_models(tmp_path: Path) -> None:
    (tmp_path / 'old').mkdir()
    result = CliRunner().invoke(commands, ['convert', str(tmp_path / 'old'), str(tmp_path / 'new')])
    assert result.exit_code == 3
    assert 'holds no saved_model.pb, nor does a folder below it' in result.stderr
    assert not (tmp_path / 'new').exists()


def test_a_manifest_that_can_not_be_read(tmp_path: Path) -> None:
    for name in ('old/1/saved_model.pb', 'new/conversions.json'):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text('x')
    result = CliRunner().invoke(commands, ['convert', str(tmp_path / 'old'), str(tmp_path / 'new')])
    assert result.exit_code == 3
    assert f"{tmp_path / 'new' / 'conversions.json'} can't be read" in result.stderr
    assert sorted(path.name for path in (tmp_path / 'new').iterdir()) == ['conversions.json']


def write_model(folder: Path, *keys: str) -> Path:
    folder.mkdir(parents=True)
    message = saved_model({key: {'outputs': {'y': (FLOAT, [])}} for key in keys})
    (folder / 'saved_model.pb').write_bytes(message.SerializeToString())
    return folder


class TestAPlaceInTheOldModel:
    def refused(self, old: Path | str, new: Path | str) -> str:
        result = CliRunner().invoke(commands, ['convert', str(old), str(new)])
        assert (result.exit_code, result.stdout) == (2, '')
        return result.stderr

    def test_of_many_models(self, tmp_path: Path) -> None:
        assert f'{tmp_path / "new"} is in {tmp_path}, which is never written to' in self.refused(
            tmp_path, tmp_path / 'new'
        )

    def test_of_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        old = write_model(tmp_path / 'old', 'serving_default')
        (tmp_path / 'link').symlink_to('old')
        monkeypatch.chdir(old)
        for one, new in ((old, old / 'tf2'), ('.', 'tf2'), (old, tmp_path / 'link' / 'a' / 'tf2'), ('../link', 'tf2')):
            assert f'{new} is in {one}, which is never written to' in self.refused(one, new)
        assert [path.name for path in old.iterdir()] == ['saved_model.pb']

    def test_of_one_that_the_folder_links_to(self, tmp_path: Path) -> None:
        model = write_model(tmp_path / 'store' / 'model', 'serving_default')
        (tmp_path / 'old').mkdir()
        (tmp_path / 'old' / '1').symlink_to(model)
        assert 'which is never written to' in self.refused(tmp_path / 'old', model / 'new')

    def test_where_the_new_folder_links_to_the_old_one(self, tmp_path: Path) -> None:
        write_model(tmp_path / 'old' / 'a' / '1', 'serving_default')
        (tmp_path / 'new').mkdir()
        (tmp_path / 'new' / 'a').symlink_to(tmp_path / 'old')
        assert f'{tmp_path / "new" / "a" / "1"} is in' in self.refused(tmp_path / 'old', tmp_path / 'new')


class TestAKeyThatNobodyHas:
    def test_of_one_model(self, tmp_path: Path) -> None:
        old = write_model(tmp_path / 'old', 'classify', 'serving_default')
        for key, said in (('clasify', 'Did you mean classify? There is'), ('nosuch', 'leaves out. There is')):
            result = CliRunner().invoke(commands, ['convert', str(old), str(tmp_path / 'new'), '--without', key])
            assert (result.exit_code, result.stdout) == (2, '')
            assert f'{old} has no signature "{key}"' in result.stderr
            assert f'{said} classify, serving_default.' in result.stderr

    def test_of_many_models(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[frozenset[str]] = []

        def found(old: Path, new: Path, models: list[Path], settings: Settings) -> list[Conversion]:
            asked.append(settings.without)
            return []

        monkeypatch.setattr('migrate.output.conversions.convert_tree', found)
        for name, key in (('a', 'classify'), ('b', 'regress')):
            write_model(tmp_path / 'old' / name, key)
        (tmp_path / 'old' / 'cut').mkdir()
        (tmp_path / 'old' / 'cut' / 'saved_model.pb').write_bytes(b'\xff')
        arguments = ['convert', str(tmp_path / 'old'), str(tmp_path / 'new'), '--without']
        CliRunner().invoke(commands, [*arguments, 'classify'])
        result = CliRunner().invoke(commands, [*arguments, 'predict'])
        assert asked == [{'classify'}]
        assert result.exit_code == 2
        assert 'have no signature "predict", which --without leaves out. There is classify, regress.' in result.stderr
