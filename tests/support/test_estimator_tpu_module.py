"""What was written for TPUEstimator, without a TPU: what `use_tpu=False` meant in TensorFlow 1."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
sys.path.insert(0, str(Path(__file__).parents[2] / 'rewriters' / 'support'))  # they import each other by their names
import estimator_module as em  # noqa: E402
import estimator_tpu_module as tpu  # noqa: E402


def model_fn(features: Any, labels: Any, mode: str, params: Any) -> Any:
    seen.append((mode, dict(params)))
    weight = tf1.get_variable('w', [], initializer=tf1.zeros_initializer())
    y = features['x'] * weight
    if mode == em.ModeKeys.PREDICT:
        return tpu.TPUEstimatorSpec(mode, predictions={'y': y})
    loss = tf.reduce_mean(tf.square(y - labels))
    step = tf1.train.get_global_step()
    train_op = tf1.train.GradientDescentOptimizer(0.5).minimize(loss, step)
    metrics = (lambda given, wanted: {'error': tf1.metrics.mean_absolute_error(wanted, given)}, [y, labels])
    host_call = (lambda at: [tf1.py_func(lambda step: calls.append(int(step)) or step, [at], tf.int64)], {'at': step})
    return tpu.TPUEstimatorSpec(mode, loss=loss, train_op=train_op, eval_metrics=metrics, host_call=host_call)


seen: list[tuple[str, dict[str, Any]]] = []
calls: list[int] = []


def input_fn(params: Any) -> Any:
    size = params['batch_size']
    assert 'use_tpu' not in params
    return tf.data.Dataset.from_tensors(({'x': np.ones(size, np.float32)}, 2 * np.ones(size, np.float32))).repeat()


def receiver() -> Any:
    x = {'x': tf1.placeholder(tf.float32, [None])}
    return em.ServingInputReceiver(x, x)


def make(folder: Path, **options: Any) -> Any:
    config = tpu.RunConfig(model_dir=str(folder), tpu_config=tpu.TPUConfig(8, num_shards=8), save_checkpoints_steps=5)
    return tpu.TPUEstimator(model_fn, config=config, params={'rate': 1}, **{'use_tpu': False, **options})


def test_batch_sizes_are_in_the_params(tmp_path: Path) -> None:
    seen.clear()
    calls.clear()
    estimator = make(tmp_path, train_batch_size=2, eval_batch_size=3)
    assert estimator.config.tpu_config.num_shards == 8
    estimator.train(input_fn, steps=1)
    assert calls == [0] or calls == [1]
    metrics = estimator.evaluate(input_fn, steps=1)
    assert metrics['error'] == 0.0  # one step of gradient descent reaches it
    folder = estimator.export_saved_model(str(tmp_path / 'export'), receiver)
    assert seen == [
        ('train', {'rate': 1, 'batch_size': 2, 'use_tpu': False}),
        ('eval', {'rate': 1, 'batch_size': 3, 'use_tpu': False}),
        ('infer', {'rate': 1, 'use_tpu': False}),
    ]
    served = tf.saved_model.load(folder.decode()).signatures['serving_default'](x=tf.constant([3.0]))
    np.testing.assert_allclose(served['y'], [6.0])


def test_what_needs_a_tpu_is_an_error(tmp_path: Path) -> None:
    for options in ({'use_tpu': True}, {'export_to_cpu': False}, {'embedding_config_spec': object()}):
        with pytest.raises(NotImplementedError, match='TPU'):
            make(tmp_path, **options)
    with pytest.raises(NotImplementedError, match='master or cluster'):
        tpu.RunConfig(cluster=object())
    with pytest.raises(ValueError, match='RunConfig of this module'):
        tpu.TPUEstimator(model_fn, config=em.RunConfig(), use_tpu=False)
    with pytest.raises(ValueError, match='input_fn must take params'):
        make(tmp_path).train(lambda: None, steps=1)
