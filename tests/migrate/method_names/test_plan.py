"""`method-names` as far as it needs no TensorFlow: showing, checking, refusing; and the one step that writes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrate.cli import commands
from migrate.method_names import change
from migrate.saved_model.reading import read_saved_model
from tests.migrate.killing import kill_at_each_step, with_full_disk
from tests.migrate.saved_model.messages import FLOAT, STRING, Signatures, saved_model

SIGNATURES: Signatures = {
    'flowers': {'inputs': {'inputs': (STRING, [-1])}, 'outputs': {'scores': (FLOAT, [-1, 3])}},
    'prices': {'inputs': {'inputs': (STRING, [-1])}, 'outputs': {'outputs': (FLOAT, [-1, 1])}},
    'serving_default': {'inputs': {'x': (FLOAT, [-1])}, 'outputs': {'y': (FLOAT, [-1])}},
}
NAMES = {'flowers': 'tensorflow/serving/classify', 'prices': 'tensorflow/serving/regress'}

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a model; `tags` is a list of tag sets, `names` are method names that are not predict."""

    def make(name: str, tags: tuple[tuple[str, ...], ...] = (('serve',),), **names: str) -> Path:
        signatures = {
            key: {**each, 'method_name': names[key]} if key in names else each for key, each in SIGNATURES.items()
        }
        message: Any = None
        for tag_set in tags:
            message = saved_model(signatures, tags=tag_set, model=message)
        (tmp_path / name).mkdir()
        (tmp_path / name / 'saved_model.pb').write_bytes(message.SerializeToString())
        return tmp_path / name

    return make


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(commands, ['method-names', *map(str, arguments)], prog_name='savedmodel-migrate')
    assert not isinstance(result.exception, Exception) or result.exit_code
    return result


def test_shows_what_is_and_what_may_be(make: Make) -> None:
    result = run(make('model', flowers=NAMES['flowers']))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        'tags   signature        method name  may be',
        'serve  flowers          classify     predict, classify',
        'serve  prices           predict      predict, regress',
        'serve  serving_default  predict      predict',
    ]


def test_shows_names_that_tensorflow_serving_would_not_answer(make: Make) -> None:
    result = run(make('model', serving_default='tensorflow/serving/regress'))
    assert result.exit_code == 1
    assert '"serving_default" can\'t be regress: it must have one input, called "inputs", and has "x"' in result.stderr


def test_dry_run(make: Make) -> None:
    model = make('model')
    before = (model / 'saved_model.pb').read_bytes()
    result = run(model, 'flowers=classify', 'prices=tensorflow/serving/regress', '--dry-run')
    assert result.exit_code == 1
    assert 'serve  flowers          predict -> classify  predict, classify' in result.stdout
    assert 'serve  prices           predict -> regress   predict, regress' in result.stdout
    assert result.stdout.endswith('Nothing is written (--dry-run).\n')
    assert (model / 'saved_model.pb').read_bytes() == before


def test_like_another_model(make: Make) -> None:
    result = run(make('new'), '--like', make('old', **NAMES), 'prices=predict', '--dry-run', '--format', 'json')
    wanted = {each['key']: each['wanted'] for each in json.loads(result.stdout)['method_names']['signatures']}
    predict = 'tensorflow/serving/predict'
    assert wanted == {'flowers': NAMES['flowers'], 'prices': predict, 'serving_default': predict}


def test_signatures_that_only_the_other_model_has_are_named(make: Make) -> None:
    old = make('old', **NAMES)
    new = make('new', **NAMES)
    message = read_saved_model(new)
    del message.meta_graphs[0].signature_def['prices']
    (new / 'saved_model.pb').write_bytes(message.SerializeToString())
    assert f'note: {new} has no signature "prices", which {old} has' in run(new, '--like', old).stdout


def test_nothing_to_change(make: Make) -> None:
    result = run(make('new', **NAMES), '--like', make('old', **NAMES), '--python', 'python3')
    assert result.exit_code == 0
    assert result.stdout.endswith('There is nothing to change.\n')


def test_a_rule_that_is_broken_keeps_all_from_being_written(make: Make) -> None:
    model = make('model')
    before = (model / 'saved_model.pb').read_bytes()
    result = run(model, 'flowers=classify', 'serving_default=classify')
    assert result.exit_code == 1
    assert 'its outputs must be "classes", "scores" or both, and are "y"' in result.stderr
    assert 'Nothing is written.' in result.stdout
    assert (model / 'saved_model.pb').read_bytes() == before


def test_a_rule_that_was_broken_before_keeps_no_other_signature_from_its_name(make: Make) -> None:
    model = make('model', serving_default='tensorflow/serving/regress')
    result = run(model, 'flowers=classify', '--dry-run')
    assert result.stdout.endswith('Nothing is written (--dry-run).\n')
    assert 'note: "serving_default" can\'t be regress: it must have one input' in result.stdout
    assert result.stderr == ''
    same = run(model, 'serving_default=regress')
    assert (same.exit_code, same.stdout.splitlines()[-1]) == (0, 'There is nothing to change.')


def test_one_of_several_tag_sets(make: Make) -> None:
    model = make('model', tags=(('serve',), ('serve', 'gpu')))
    lines = run(model, 'flowers=classify', '--tags', 'gpu,serve', '--dry-run').stdout.splitlines()
    assert lines[1:4] == [
        'gpu,serve  flowers          predict -> classify  predict, classify',
        'gpu,serve  prices           predict              predict, regress',
        'gpu,serve  serving_default  predict              predict',
    ]
    assert sum('-> classify' in line for line in run(model, 'flowers=classify', '--dry-run').stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ('arguments', 'said'),
    [
        (['roses=classify'], 'has no signature "roses". It has flowers, prices, serving_default.'),
        (['flowers=classification'], 'is no method name: it is predict, classify or regress'),
        (['flowers'], 'flowers: write KEY=classify, KEY=regress or KEY=predict'),
        (['--tags', 'gpu'], 'has no tag set {gpu}. It has {serve}.'),
    ],
)
def test_wrong_usage(make: Make, arguments: list[str], said: str) -> None:
    result = run(make('model'), *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_model_that_cannot_be_read(make: Make) -> None:
    model = make('model')
    (model / 'saved_model.pb').write_bytes(b'no model')
    result = run(model, 'flowers=classify')
    assert result.exit_code == 3
    assert 'is damaged' in result.stderr


class TestWriting:
    """What happens once the changed copy has been loaded."""

    @pytest.fixture
    def model(self, make: Make) -> Path:
        model = make('model')
        (model / 'fingerprint.pb').write_bytes(b'old fingerprint')
        return model

    @pytest.fixture
    def copy(self, make: Make) -> Path:
        copy = make('copy', **NAMES)
        (copy / 'fingerprint.pb').write_bytes(b'new fingerprint')
        return copy

    def write(self, model: Path, copy: Path, fingerprint: bool = True) -> tuple[str, ...]:
        return change._put_in_place(model, model / 'saved_model.pb', copy, {'fingerprint': fingerprint})

    def test_a_process_that_is_killed(self, model: Path, copy: Path) -> None:
        old, new = ((folder / 'saved_model.pb').read_bytes() for folder in (model, copy))
        found = []
        for _ in kill_at_each_step(lambda: self.write(model, copy)):
            found.append((model / 'saved_model.pb').read_bytes())
            (model / 'saved_model.pb').write_bytes(old)
        assert set(found) == {old, new}
        assert (model / 'saved_model.pb').read_bytes() == new
        assert (model / 'fingerprint.pb').read_bytes() == b'new fingerprint'

    def test_a_full_disk(self, model: Path, copy: Path) -> None:
        before = (model / 'saved_model.pb').read_bytes()
        assert not with_full_disk(lambda: self.write(model, copy), free=100)
        assert (model / 'saved_model.pb').read_bytes() == before
        assert sorted(path.name for path in model.iterdir()) == ['fingerprint.pb', 'saved_model.pb']

    def test_mode_and_neighbours_stay(self, model: Path, copy: Path) -> None:
        (model / 'saved_model.pb').chmod(0o640)
        (model / 'saved_model.pbtxt').write_text('another')
        notes = self.write(model, copy)
        assert os.stat(model / 'saved_model.pb').st_mode & 0o777 == 0o640
        assert (model / 'saved_model.pbtxt').read_text() == 'another'
        assert notes == (f'{model / "saved_model.pbtxt"} is as it was: loaders read saved_model.pb only',)

    def test_a_fingerprint_that_would_be_wrong_goes(self, model: Path, copy: Path) -> None:
        (note,) = self.write(model, copy, fingerprint=False)
        assert not (model / 'fingerprint.pb').exists()
        assert 'is removed' in note
