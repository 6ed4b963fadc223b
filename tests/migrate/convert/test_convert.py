"""TensorFlow 1 models become TensorFlow 2 models that serve the same, for every kind of client."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from migrate.saved_model.contract import GraphContract, read_contract
from migrate.saved_model.reading import read_saved_model
from tests.migrate.command import run
from tests.migrate.convert import c_loader

tf: Any = pytest.importorskip('tensorflow', reason='runs models: needs TensorFlow 2')
from tests.migrate.convert import old_models  # noqa: E402 - imports TensorFlow

X = np.array([[1.0, 2.0], [-3.0, 0.5]], np.float32)
WORD = ['cat', 'unheard']
SAMPLES = Path(__file__).parents[3] / 'sample_projects'
# Exported by TensorFlow 1.15.5 itself: an Estimator, a Keras session, tables, a reader of tf.Examples.
BY_TENSORFLOW_1 = (
    'ticket_router/exported_by_tf1/router/1',
    'wine_keras/exported_by_tf1/wine-model/1',
    'city_temperatures/exported_by_tf1/city-temperatures',
    'click_rates/exported_by_tf1/click-rates/1',
)


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of old models."""
    folder = tmp_path_factory.mktemp('models')
    old_models.rich(folder / 'old' / 'rich' / '2')
    old_models.with_tag_sets(folder / 'old' / 'tags' / '10')
    old_models.by_chance(folder / 'old' / 'chance' / '1')
    old_models.with_an_op_of_its_own(folder / 'old' / 'own_op' / '1', 'y')
    old_models.with_an_op_of_its_own(folder / 'old' / 'own_op_beside' / '1', 'z')
    old_models.with_a_loop(folder / 'old' / 'loop' / '1')
    old_models.with_tag_sets(folder / 'old' / 'text' / '1')
    old_models.as_text(folder / 'old' / 'text' / '1')
    for name in BY_TENSORFLOW_1:
        shutil.copytree(SAMPLES / name, folder / 'old' / 'samples' / name.replace('/', '-'))
    (folder / 'old' / 'damaged' / '1').mkdir(parents=True)
    (folder / 'old' / 'damaged' / '1' / 'saved_model.pb').write_bytes(b'not a model')
    return folder


@pytest.fixture(scope='module')
def result(folder: Path) -> Result:
    return run('convert', folder / 'old', folder / 'new')


@pytest.fixture(scope='module')
def new(folder: Path, result: Result) -> Path:
    return folder / 'new'


def graph(model: Path) -> GraphContract:
    (graph,) = read_contract(model, read_saved_model(model)).graphs
    return graph


def load(model: Path) -> Any:
    """In a thread of its own, which has no graph of another test as its default."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(tf.saved_model.load, str(model)).result()


class TestTree:
    def test_a_line_for_each_model(self, result: Result, new: Path) -> None:
        lines = result.stdout.splitlines()
        verdicts = dict(reversed(line.split()) for line in lines if not line.startswith(' ') and '/' in line)
        assert verdicts == {
            'rich/2': 'identical',
            'tags/10': 'identical',
            'chance/1': 'inconclusive',
            'own_op/1': 'error',
            'own_op_beside/1': 'identical',
            'loop/1': 'identical',
            'text/1': 'identical',
            'damaged/1': 'error',
        } | {f'samples/{name.replace("/", "-")}': 'identical' for name in BY_TENSORFLOW_1}
        assert lines[-1] == '12 models: 9 identical, 1 inconclusive, 2 error; 9 in place'
        assert result.exit_code == 3

    def test_what_is_not_proven_is_not_there(self, new: Path) -> None:
        there = sorted(str(path.parent.relative_to(new)) for path in new.rglob('saved_model.pb'))
        samples = [f'samples/{name.replace("/", "-")}' for name in BY_TENSORFLOW_1]
        tag_sets = [f'{name}{folder}' for name in ('tags/10', 'text/1') for folder in ('', '/ps', '/serve-gpu')]
        assert there == ['loop/1', 'own_op_beside/1', 'rich/2', *sorted(samples), *tag_sets]
        assert not list(new.rglob('.*'))

    def test_refusals_name_the_thing_and_the_way_on(self, result: Result) -> None:
        assert (
            "the op MyOwnNegative (node 'y', which signature 'serving_default' needs). Ops of tf.contrib are"
            in result.stdout
        )
        assert 'damaged' in result.stdout

    def test_a_second_run_does_only_what_is_left(self, folder: Path, new: Path, result: Result) -> None:
        before = {path: path.stat().st_mtime_ns for path in new.rglob('*') if path.name != 'conversions.json'}
        for name in ('chance', 'own_op', 'damaged'):
            (folder / 'old' / name).rename(folder / name)
        try:
            again = run('convert', folder / 'old', folder / 'new')
        finally:
            for name in ('chance', 'own_op', 'damaged'):
                (folder / name).rename(folder / 'old' / name)
        assert again.exit_code == 0
        assert again.stdout.endswith('9 models: 9 identical; 9 in place\n')
        assert 'converting' not in again.stderr
        assert before == {path: path.stat().st_mtime_ns for path in new.rglob('*') if path.name != 'conversions.json'}

    def test_the_manifest_tells_of_all(self, new: Path) -> None:
        models = json.loads((new / 'conversions.json').read_text())['models']
        names = [f'samples/{name.replace("/", "-")}' for name in BY_TENSORFLOW_1]
        names += ['chance/1', 'damaged/1', 'loop/1', 'own_op/1', 'own_op_beside/1', 'rich/2', 'tags/10', 'text/1']
        assert [each['name'] for each in models] == sorted(names)

    def test_another_model_of_the_same_name_is_not_taken_for_done(self, folder: Path, new: Path) -> None:
        other = folder / 'other' / 'tags' / '10'
        other.mkdir(parents=True)
        (other / 'saved_model.pb').write_bytes((folder / 'old' / 'rich' / '2' / 'saved_model.pb').read_bytes())
        result = run('convert', folder / 'other', new)
        assert result.exit_code == 3
        assert f'{new / "tags" / "10"} exists already' in result.stdout


def test_damaged_values_are_told_with_the_way_on(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / 'flower_classifier' / 'exported_by_tf1' / 'flower-model', tmp_path / 'old')
    shard = tmp_path / 'old' / 'variables' / 'variables.data-00000-of-00001'
    shard.write_bytes(bytes(255 - byte for byte in shard.read_bytes()))
    result = run('convert', tmp_path / 'old', tmp_path / 'new')
    assert (result.exit_code, result.stdout) == (3, '')
    assert 'Checksum does not match' in result.stderr
    assert 'in its folder variables is damaged or of another model: copy the whole directory again' in result.stderr
    assert '--without' not in result.stderr


class TestContract:
    def test_of_signatures(self, folder: Path, new: Path) -> None:
        old, converted = graph(folder / 'old' / 'rich' / '2'), graph(new / 'rich' / '2')
        assert converted.is_tf2
        assert converted.tags == old.tags
        assert list(converted.signatures) == ['raw values', 'regression', 'serving_default']
        for key, signature in old.signatures.items():
            other = converted.signatures[key]
            assert other.method_name == signature.method_name
            assert list(other.inputs) == list(signature.inputs)
            assert list(other.outputs) == list(signature.outputs)

    def test_files_come_along(self, new: Path) -> None:
        model = new / 'rich' / '2'
        assert (model / 'assets.extra' / 'tf_serving_warmup_requests').read_bytes() == old_models.WARMUP
        assert (model / 'assets' / old_models.VOCABULARY).read_text().split() == list(old_models.WORDS)

    def test_each_tag_set_has_a_folder(self, result: Result, new: Path) -> None:
        for name, tags in (('', {'serve'}), ('serve-gpu', {'serve', 'gpu'}), ('ps', {'ps'})):
            assert graph(new / 'tags' / '10' / name).tags == tags
        assert 'note: tag set {gpu, serve} is in its folder serve-gpu now' in result.stdout


class TestUse:
    def test_variables_keep_their_names(self, new: Path) -> None:
        model = load(new / 'rich' / '2')
        names = {'model/weights:0', 'model/bias:0'}
        assert {variable.name for variable in model.variables} == names | {'model/embedding:0'}
        assert {variable.name for variable in model.trainable_variables} == names

    def test_ten_steps_of_training_lower_the_loss(self, new: Path) -> None:
        def train() -> list[float]:
            model = tf.saved_model.load(str(new / 'rich' / '2'))
            inputs = {'in': tf.constant(X), 'word': tf.constant(WORD), 'scale': tf.constant(1.0)}
            losses = []
            for _ in range(10):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(
                        (model.signatures['raw values'](**inputs)['y'] - [[0.0, 1.0], [1.0, 0.0]]) ** 2
                    )
                gradients = tape.gradient(loss, model.trainable_variables)
                for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
                    variable.assign_sub(gradient)
                losses.append(float(loss))
            return losses

        with ThreadPoolExecutor(1) as executor:
            losses = executor.submit(train).result()
        assert losses[-1] < losses[0] / 2
        assert losses == sorted(losses, reverse=True)

    def test_a_loop_that_can_not_be_trained_is_named(self, result: Result, new: Path) -> None:
        (note,) = [line for line in result.stdout.splitlines() if 'trained' in line]
        assert "signature 'often' serves, and can't be trained further: no gradient flows through 'while/Exit" in note

        def trains(key: str) -> bool:
            model = tf.saved_model.load(str(new / 'loop' / '1'))
            try:
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(model.signatures[key](x=tf.constant(X))['y'])
                return tape.gradient(loss, model.trainable_variables)[0] is not None
            except (AttributeError, ValueError):
                return False

        with ThreadPoolExecutor(1) as executor:
            assert list(executor.map(trains, ['once', 'often'])) == [True, False]

    def test_by_the_loader_in_c(self, new: Path) -> None:
        def call(model: Path) -> Any:
            signature = graph(model).signatures['serving_default']
            names = {alias: tensor.tensors[0] for alias, tensor in (signature.inputs | signature.outputs).items()}
            return c_loader.load_and_run(model, ['serve'], {names['x']: X}, names['y'])

        np.testing.assert_array_equal(call(new / 'tags' / '10'), [[11.0], [-7.0]])
