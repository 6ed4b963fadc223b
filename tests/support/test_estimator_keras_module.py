"""Estimators of Keras models: they begin with the model's weights, and serve its outputs by the names of its layers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip('tensorflow', minversion='2.15')
pytest.importorskip('tf_keras')
WORKER = Path(__file__).with_name('estimator_keras_worker.py')


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of it in a process with Keras 2."""
    folder = tmp_path_factory.mktemp('keras')
    run = subprocess.run([sys.executable, WORKER, folder], capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout.splitlines()[-1]))


def test_it_begins_with_the_weights_of_the_model(results: dict[str, Any]) -> None:
    assert results['begins with its weights']
    assert results['outputs'] == ['y', 'z']


def test_training_goes_on_from_the_checkpoint_of_another_one(results: dict[str, Any]) -> None:
    assert results['step'] == 3
    assert {'loss', 'global_step', 'y_mae'} <= set(results['metrics'])
    assert results['error'] == pytest.approx(results['error of what is served'], rel=1e-5)


def test_checkpoints_are_by_the_names_of_tensorflow_1(results: dict[str, Any]) -> None:
    moments = [f'batch_normalization/{name}' for name in ('beta', 'gamma', 'moving_mean', 'moving_variance')]
    layers = [f'{layer}/{name}' for layer in ('dense', 'y', 'z') for name in ('bias', 'kernel')]
    assert set(results['names']) == {*moments, *layers, 'global_step'}


def test_what_is_not_supported_is_an_error(results: dict[str, Any]) -> None:
    assert results['uncompiled'] == 'ValueError: The Keras model has not been compiled.'
    assert results['without inputs'].startswith('NotImplementedError: Models made by subclassing')


def test_models_of_another_keras_are_an_error_that_says_how_to_go_on(results: dict[str, Any]) -> None:
    errors = results['of other Keras']
    begin = ['tensorflow.python.keras.engine.sequential.Sequential', 'keras.src.models.sequential.Sequential']
    kinds = [*begin[: len(errors) - 1], 'builtins.int']
    assert len(errors) > 1
    for kind, error in zip(kinds, errors, strict=True):
        assert error.startswith(f'TypeError: {kind} is no model of tf.keras. Make it, its')
