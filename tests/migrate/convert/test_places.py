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


def test_a_folder_for_new_models_among_the_old_ones(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands, ['convert', str(tmp_path), str(tmp_path / 'new')])
    assert result.exit_code == 2
    assert f'{tmp_path / "new"} is in {tmp_path}, and would be converted with it' in result.stderr
