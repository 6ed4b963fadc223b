"""Runs files that export, one after the other in one process, and calls what they exported.

    pairs_runner.py FOLDER < CASES > RESULTS

CASES is a JSON list of [name, source path, SavedModel folder, signature key, inputs]; RESULTS maps each case's name to
its outputs and the signature's method name. It knows nothing of the rewrite: only of TensorFlow 2.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

v1 = tf.compat.v1


def write_checkpoints() -> None:
    """The checkpoints that some files restore, as TensorFlow 1 writes them."""
    checkpoints = {
        'checkpoint/model': {'w': [[1.5], [-2.0]], 'b': [0.25], 'factor': 3.0},
        'checkpoint/names': {'w_1': 2.0, 'w_2': 5.0, 'Variable': 10.0},
        'checkpoint/helper': {'layer/w': [[1.0, 2.0, 3.0], [0.0, 1.0, -9.0]], 'layer/b': [0.0, 10.0, 0.0]},
    }
    for path, values in checkpoints.items():
        with tf.Graph().as_default(), v1.Session() as session:
            variables = {name: v1.Variable(value, name=name) for name, value in values.items()}
            if 'factor' in variables:
                x = v1.placeholder(tf.float32, [None], name='x')
                tf.add(x * variables['factor'], 1.0, name='y')
            session.run(v1.global_variables_initializer())
            v1.train.Saver().save(session, path)
    # The one that tf.train.latest_checkpoint finds.
    v1.train.update_checkpoint_state('checkpoint', 'checkpoint/model')


def write_frozen_graph() -> None:
    """The graph that some files import."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 2], name='x')
        tf.multiply(x, 2.0, name='y')
    Path('frozen.pb').write_bytes(graph.as_graph_def().SerializeToString())


def call(folder: str, key: str, inputs: dict[str, Any]) -> dict[str, Any]:
    signature = tf.saved_model.load(folder).signatures[key]
    _, specs = signature.structured_input_signature
    outputs = signature(**{name: tf.constant(value, specs[name].dtype) for name, value in inputs.items()})
    return {name: plain(tensor.numpy()) for name, tensor in outputs.items()}


def plain(value: Any) -> Any:
    value = value.tolist() if hasattr(value, 'tolist') else value
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value.decode() if isinstance(value, bytes) else value


def signature_def(folder: str, key: str) -> Any:
    saved_model = saved_model_pb2.SavedModel()
    saved_model.ParseFromString(Path(folder, 'saved_model.pb').read_bytes())
    (meta_graph,) = saved_model.meta_graphs
    return meta_graph.signature_def[key]


def main(folder: str) -> None:
    results: dict[str, Any] = {}
    ran: set[str] = set()
    for name, source, exported, key, inputs in json.load(sys.stdin):
        work = Path(folder, Path(source).stem)
        if source not in ran:
            work.mkdir()
            os.chdir(work)
            Path('vocabulary.txt').write_text('a\nb\n')
            write_checkpoints()
            write_frozen_graph()
            with contextlib.redirect_stdout(sys.stderr):
                runpy.run_path(source, run_name='__main__')
            ran.add(source)
        os.chdir(work)
        files = sorted(str(path.relative_to(exported)) for path in Path(exported, 'assets').glob('*'))
        results[name] = {
            'outputs': call(exported, key, inputs),
            'method_name': signature_def(exported, key).method_name,
            'assets': files,
        }
    json.dump(results, sys.stdout)


if __name__ == '__main__':
    main(sys.argv[1])
