"""Method names are set in models that load afterwards, by TensorFlow itself."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrate.cli import commands
from migrate.saved_model.contract import GraphContract, read_contract
from migrate.saved_model.reading import read_saved_model

tf: Any = pytest.importorskip('tensorflow', reason='loads models: needs TensorFlow 2')
from google.protobuf import text_format  # type: ignore[import-untyped]  # noqa: E402
from tensorflow.core.protobuf import saved_model_pb2  # noqa: E402

PREFIX = 'tensorflow/serving/'


class Model(tf.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.scale = tf.Variable([1.0, 2.0])

    def scores(self, examples: Any) -> Any:
        return tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([2], tf.float32)})['x'] * self.scale


def write(folder: Path) -> Path:
    model = Model()
    specs = {'inputs': tf.TensorSpec([None], tf.string, name='inputs')}

    def serve(function: Any) -> Any:
        return tf.function(function, autograph=False).get_concrete_function(**specs)

    model.functions = {
        'flowers': serve(lambda inputs: {'scores': model.scores(inputs)}),
        'prices': serve(lambda inputs: {'outputs': model.scores(inputs)[:, :1]}),
    }
    tf.saved_model.save(model, str(folder), signatures=model.functions)
    return folder


@pytest.fixture(scope='module')
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(write, tmp_path_factory.mktemp('set') / 'model').result()


@pytest.fixture
def model(written: Path, tmp_path: Path) -> Path:
    """One for each test, in which all signatures are `predict`."""
    return shutil.copytree(written, tmp_path / 'model')


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ['method-names', *map(str, arguments)], prog_name='savedmodel-migrate')


def graph(model: Path) -> GraphContract:
    (graph,) = read_contract(model, read_saved_model(model)).graphs
    return graph


def test_names_and_a_shared_input(model: Path) -> None:
    file, fingerprint = model / 'saved_model.pb', model / 'fingerprint.pb'
    file.chmod(0o600)
    before = fingerprint.read_bytes()
    result = run(model, 'flowers=classify', 'prices=regress', '--share-examples')
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith(f'flowers, prices share one input.\n{model}: 2 method names set.\n')
    signatures = graph(model).signatures
    assert {key: each.method_name for key, each in signatures.items()} == {
        'flowers': f'{PREFIX}classify',
        'prices': f'{PREFIX}regress',
    }
    assert signatures['flowers'].inputs['inputs'].tensors == signatures['prices'].inputs['inputs'].tensors
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert fingerprint.read_bytes() != before
    assert sorted(path.name for path in model.iterdir()) == ['assets', 'fingerprint.pb', 'saved_model.pb', 'variables']


def test_a_model_written_as_text(model: Path, tmp_path: Path) -> None:
    text = tmp_path / 'text'
    text.mkdir()
    (text / 'variables').symlink_to(model / 'variables')
    message = saved_model_pb2.SavedModel.FromString((model / 'saved_model.pb').read_bytes())
    (text / 'saved_model.pbtxt').write_text(text_format.MessageToString(message))
    assert run(text, 'flowers=classify').exit_code == 0
    assert graph(text).signatures['flowers'].method_name == f'{PREFIX}classify'
    read_back = saved_model_pb2.SavedModel()
    text_format.Parse((text / 'saved_model.pbtxt').read_text(), read_back)
    message.meta_graphs[0].signature_def['flowers'].method_name = f'{PREFIX}classify'
    assert read_back == message
    assert sorted(path.name for path in text.iterdir()) == ['saved_model.pbtxt', 'variables']


def test_what_does_not_load_is_not_written(model: Path, tmp_path: Path) -> None:
    broken = tmp_path / 'broken'
    (broken / 'variables').mkdir(parents=True)
    (broken / 'variables' / 'variables.index').write_bytes(b'no index')
    (broken / 'saved_model.pb').write_bytes((model / 'saved_model.pb').read_bytes())
    result = run(broken, 'flowers=classify')
    assert result.exit_code == 3
    assert f'{broken} is as it was: ' in result.stderr
    assert (broken / 'saved_model.pb').read_bytes() == (model / 'saved_model.pb').read_bytes()
