"""Runs rewritten files on TensorFlow 2, and compares what they serve with what is computed by hand."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
tf = pytest.importorskip('tensorflow')

PAIRS = Path(__file__).parent / 'estimator_pairs'
REGRESS = 'tensorflow/serving/regress'
PREDICT = 'tensorflow/serving/predict'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def functions_of(pair: str) -> dict[str, Any]:
    return runpy.run_path(str(PAIRS / f'{pair}_after.py'))


def write_checkpoint(folder: str, step: int, **values: Any) -> str:
    """A checkpoint as TensorFlow 1 writes them."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        for name, value in values.items():
            tf.compat.v1.Variable(value, name=name)
        session.run(tf.compat.v1.global_variables_initializer())
        return str(tf.compat.v1.train.Saver().save(session, f'{folder}/model.ckpt', global_step=step))


def examples(name: str, rows: Any, kind: str) -> Any:
    """Rows as serialized tf.Example messages."""
    lists = {'float': tf.train.FloatList, 'int64': tf.train.Int64List}
    features = [tf.train.Feature(**{f'{kind}_list': lists[kind](value=row)}) for row in rows]
    made = [tf.train.Example(features=tf.train.Features(feature={name: feature})) for feature in features]
    return tf.constant([example.SerializeToString() for example in made])


def method_names(folder: bytes) -> dict[str, str]:
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel()
    model.ParseFromString((Path(folder.decode()) / 'saved_model.pb').read_bytes())
    signatures = model.meta_graphs[0].signature_def
    return {key: signature.method_name for key, signature in signatures.items() if not key.startswith('__')}


def test_the_checkpoint_decides_what_is_served() -> None:
    old = write_checkpoint('checkpoints', 1, weight=[[1.0], [10.0]])
    write_checkpoint('checkpoints', 2, weight=[[0.5], [-1.0]])
    export = functions_of('export_only')['export']
    serialized = examples('x', [[1.0, 2.0], [3.0, -4.0]], 'float')
    for checkpoint, doubled in ((old, [[42.0], [-74.0]]), ('', [[-3.0], [11.0]])):
        folder, _ = export('checkpoints', checkpoint)
        assert method_names(folder) == {'serving_default': REGRESS, 'in-words': PREDICT}
        signatures = tf.saved_model.load(folder.decode()).signatures
        assert signatures['serving_default'](inputs=serialized)['outputs'].numpy().tolist() == doubled
        words = signatures['in-words'](examples=serialized)
        assert words['doubled'].numpy().tolist() == doubled
        assert [float(row[0]) for row in words['words'].numpy()] == [row[0] for row in doubled]


def test_a_model_that_is_trained_and_exported_by_the_new_code() -> None:
    folder = functions_of('scopes_and_regression')['run']('export')
    values = tf.train.load_checkpoint('ckpt')
    assert values.get_tensor('global_step') == 15
    serialized = examples('ids', [[1, 2, 3], [4, 5, 99]], 'int64')
    net = tower(values, [[1, 2, 3], [4, 5, 9]])
    value = (net @ values.get_tensor('value/w') + values.get_tensor('value/b'))[:, 0]
    signatures = tf.saved_model.load(folder.decode()).signatures
    assert method_names(folder) == {'serving_default': REGRESS, 'raw': PREDICT, 'everything': PREDICT}
    served = signatures['everything'](examples=serialized)
    np.testing.assert_allclose(served['net'].numpy(), net, rtol=1e-5, atol=1e-6)
    for output in (
        served['value'],
        signatures['raw'](examples=serialized)['output'],
        signatures['serving_default'](inputs=serialized)['outputs'],
    ):
        np.testing.assert_allclose(output.numpy(), value, rtol=1e-5, atol=1e-6)


def tower(values: Any, ids: list[list[int]]) -> Any:
    """What the model computes, in numpy."""
    embedded = values.get_tensor('embeddings/table')[np.array(ids)].mean(axis=1)
    net = np.tanh(embedded @ values.get_tensor('tower/one/w') + values.get_tensor('tower/one/b'))
    return net * values.get_tensor('tower/scale') + values.get_tensor('tower/Variable')
