"""Models that are refused by their files alone, each with what it is and the way on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from migrate.convert import Conversion
from migrate.convert.conversion import Settings, convert
from migrate.convert.parts import parts_of
from migrate.saved_model.reading import read_saved_model
from migrate.verify import Verdict
from tests.migrate.saved_model.messages import FLOAT, add_placeholder, saved_model

SERVED = {'serving_default': {'inputs': {'x': (FLOAT, [-1])}, 'outputs': {'y': (FLOAT, [-1])}}}


@pytest.fixture
def model() -> Any:
    message = saved_model(SERVED)
    add_placeholder(message, 'x', FLOAT, [-1])
    add(message, 'y', 'Neg', 'x')
    return message


def add(message: Any, name: str, op: str, *inputs: str) -> Any:
    node = message.meta_graphs[0].graph_def.node.add(name=name, op=op)
    node.input.extend(inputs)
    return node


def make(folder: Path, message: Any) -> Path:
    folder.mkdir()
    (folder / 'saved_model.pb').write_bytes(message.SerializeToString())
    return folder


def refuse(old: Path) -> Conversion:
    """Converts with a Python that can't be started: nothing may come to that."""
    settings = Settings('no such python', 10, 0, False, frozenset(), 1, lambda message: None)
    new = old.parent / 'new'
    (conversion,) = convert([(old, new)], settings)
    assert conversion.verdict is Verdict.ERROR
    assert not conversion.placed
    assert not new.exists()
    assert sorted(path.name for path in old.parent.iterdir()) == [old.name]
    return conversion


@pytest.mark.parametrize(
    ('op', 'said', 'advice'),
    [
        ('PyFunc', "needs 'y', a PyFunc, which calls a Python function", 'Write that function with TensorFlow ops'),
        ('EagerPyFunc', "needs 'y', a EagerPyFunc, which calls a Python function", 'Write that function'),
        ('BoostedTreesPredict', 'BoostedTrees are gone from TensorFlow 2', 'TensorFlow Decision Forests'),
        ('TPUReplicatedInput', 'which needs a TPU', 'export_to_tpu=False'),
    ],
)
def test_ops_that_cannot_run(tmp_path: Path, op: str, said: str, advice: str) -> None:
    message = saved_model(SERVED)
    add_placeholder(message, 'x', FLOAT, [-1])
    add(message, 'y', op, 'x')
    conversion = refuse(make(tmp_path / 'old', message))
    assert conversion.refusal.startswith("signature 'serving_default' ")
    assert said in conversion.refusal
    assert advice in conversion.advice


def test_ops_in_a_function(tmp_path: Path) -> None:
    message = saved_model(SERVED)
    add_placeholder(message, 'x', FLOAT, [-1])
    add(message, 'y', 'PartitionedCall', 'x').attr['f'].func.name = 'outer'
    library = message.meta_graphs[0].graph_def.library
    for name, inner in (('outer', 'inner'), ('inner', 'PyFunc')):
        function = library.function.add()
        function.signature.name = name
        function.node_def.add(name='call', op=inner)
    assert "'call', a PyFunc" in refuse(make(tmp_path / 'old', message)).refusal


def test_a_variable_without_values(tmp_path: Path, model: Any) -> None:
    add(model, 'w', 'VarHandleOp')
    add(model, 'save/RestoreV2', 'RestoreV2')
    next(node for node in model.meta_graphs[0].graph_def.node if node.name == 'y').input.append('w')
    conversion = refuse(make(tmp_path / 'old', model))
    assert "needs the variable 'w', and there is no" in conversion.refusal
    assert 'Copy the whole directory' in conversion.advice


@pytest.mark.parametrize(
    ('names', 'missing'),
    [
        ([], 'variables.data-00000-of-00001'),
        (['variables.data-00001-of-00003'], 'variables.data-00000-of-00003 and 1 more'),
    ],
)
def test_missing_shards(tmp_path: Path, model: Any, names: list[str], missing: str) -> None:
    folder = make(tmp_path / 'old', model)
    (folder / 'variables').mkdir()
    for name in ['variables.index', *names]:
        (folder / 'variables' / name).write_bytes(b'')
    assert f'{missing} is missing' in refuse(folder).refusal


def test_an_asset_that_points_elsewhere(tmp_path: Path, model: Any) -> None:
    asset = model.meta_graphs[0].asset_file_def.add(filename='../../secret')
    asset.tensor_info.name = 'path:0'
    assert refuse(make(tmp_path / 'old', model)).refusal == "the asset '../../secret' is no file of the model"


def test_a_tensorflow_2_model(tmp_path: Path, model: Any) -> None:
    model.meta_graphs[0].object_graph_def.SetInParent()
    conversion = refuse(make(tmp_path / 'old', model))
    assert conversion.refusal == 'it is a TensorFlow 2 model already'
    assert 'tf.saved_model.load' in conversion.advice


def test_no_signature(tmp_path: Path) -> None:
    assert refuse(make(tmp_path / 'old', saved_model({}))).refusal.startswith('it has no signature')


def test_a_damaged_file(tmp_path: Path, model: Any) -> None:
    folder = make(tmp_path / 'old', model)
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString()[:-3])
    assert 'is damaged' in refuse(folder).refusal


def test_a_target_that_exists(tmp_path: Path, model: Any) -> None:
    old, new = make(tmp_path / 'old', model), tmp_path / 'new'
    new.symlink_to('nowhere')
    (conversion,) = convert([(old, new)], Settings('no such python', 10, 0, True, frozenset(), 1, lambda message: None))
    assert conversion.refusal == f'{new} exists already'
    assert new.is_symlink()


@pytest.mark.parametrize('name', ['a [new] model', 'what?', b'no\xffutf-8'])
def test_a_path_that_tensorflow_takes_for_a_pattern(tmp_path: Path, model: Any, name: str | bytes) -> None:
    conversion = refuse(make(tmp_path / os.fsdecode(name), model))
    assert conversion.refusal.startswith('TensorFlow reads no models whose path has one of []*?\\ in it')


def test_an_op_that_no_signature_needs_is_no_obstacle(tmp_path: Path, model: Any) -> None:
    add(model, 'beside', 'PyFunc', 'x')
    conversion = refuse(make(tmp_path / 'old', model))
    assert 'the process with TensorFlow failed' in conversion.refusal


class TestWithout:
    def test_a_signature_that_cannot_run(self, tmp_path: Path, model: Any) -> None:
        graph = model.meta_graphs[0]
        add(model, 'bad', 'PyFunc', 'x')
        graph.signature_def['bad'].CopyFrom(graph.signature_def['serving_default'])
        graph.signature_def['bad'].outputs['y'].name = 'bad:0'
        old = make(tmp_path / 'old', model)
        assert refuse(old).refusal.startswith("signature 'bad' needs 'bad', a PyFunc")
        (tmp_path / 'parts').mkdir()
        (part,), notes = parts_of(old, frozenset({'bad', 'no such key'}), tmp_path / 'parts')
        assert list(part.meta_graph.signature_def) == ['serving_default']
        assert list(read_saved_model(part.model).meta_graphs[0].signature_def) == ['serving_default']
        assert notes == ("signature 'bad' is not in the new model (--without)",)
        assert len(read_saved_model(old).meta_graphs[0].signature_def) == 2
