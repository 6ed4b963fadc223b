# SPDX-License-Identifier: Apache-2.0
"""Makes an Estimator of a Keras model, with a TensorFlow that has no Estimator any more.

    model.compile('sgd', 'mse')
    estimator = estimator_keras_module.model_to_estimator(model, model_dir='checkpoints')
    estimator.train(input_fn, steps=1000)
    estimator.export_saved_model('export', serving_input_receiver_fn)

As in TensorFlow 1, the model is built anew in the graph of each mode, begins with the weights that it has, and serves
its outputs by the names of its output layers. Checkpoints are written by the names of variables; what TensorFlow 2
wrote by objects is read too.

Only for models of Keras 2: install tf_keras, and set TF_USE_LEGACY_KERAS=1 before TensorFlow is imported. Those made by
subclassing are not supported: save those themselves.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import estimator_module  # type: ignore[import-not-found]  # it stands beside this file
import tensorflow as tf  # type: ignore[import-untyped]

_v1 = tf.compat.v1
_DEFAULT = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY
_TRAIN, _PREDICT = estimator_module.ModeKeys.TRAIN, estimator_module.ModeKeys.PREDICT


def model_to_estimator(
    keras_model: Any = None,
    keras_model_path: str | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    model_dir: str | None = None,
    config: estimator_module.RunConfig | None = None,
    checkpoint_format: str | None = None,
    metric_names_map: Mapping[str, str] | None = None,
    export_outputs: Mapping[str, Any] | None = None,
) -> estimator_module.Estimator:
    """An Estimator of a compiled model. Its checkpoints are by name, whatever `checkpoint_format` says."""
    if not getattr(tf.keras, '__version__', '2.').startswith('2.'):
        raise ImportError('Needs Keras 2: install tf_keras, and set TF_USE_LEGACY_KERAS=1 before importing TensorFlow.')
    if (keras_model is None) == (keras_model_path is None):
        raise ValueError('Give keras_model or keras_model_path.')
    if keras_model is None:
        keras_model = tf.keras.models.load_model(keras_model_path, custom_objects)
    if not isinstance(keras_model, tf.keras.Model):
        kind = type(keras_model)
        raise TypeError(
            f'{kind.__module__}.{kind.__qualname__} is no model of tf.keras. Make it, its layers and its optimizer by '
            'tf.keras (or tf_keras), not by tensorflow.python.keras or Keras 3 (`import keras`). Or export a model of '
            'Keras 3 without an Estimator: model.export(folder).'
        )
    if not keras_model._is_graph_network:
        raise NotImplementedError('Models made by subclassing, or of layers without an input shape, are not supported.')
    if not keras_model.optimizer:
        raise ValueError('The Keras model has not been compiled.')
    config = config or estimator_module.RunConfig()
    folder = os.fspath(model_dir or config.model_dir or tempfile.mkdtemp())
    copy = _Copy(keras_model, custom_objects)

    def model_fn(features: Any, labels: Any, mode: str) -> estimator_module.EstimatorSpec:
        return _spec(copy, features, labels, mode, metric_names_map or {}, export_outputs or {})

    beginning = _first_checkpoint(copy, os.path.join(folder, 'keras'), config)
    return estimator_module.Estimator(model_fn, folder, config.replace(model_dir=folder), warm_start_from=beginning)


class _Copy:
    """Builds a model anew in the graph that is the default one."""

    def __init__(self, model: Any, custom_objects: Mapping[str, Any] | None) -> None:
        self.model = model
        self._custom_objects = custom_objects
        optimizers = tf.keras.optimizers
        if isinstance(model.optimizer, optimizers.Optimizer) and not isinstance(
            model.optimizer, optimizers.legacy.Optimizer
        ):
            # Others have no variables by name.
            model.optimizer = tf.keras.__internal__.optimizers.convert_to_legacy_optimizer(model.optimizer)
        try:
            self._optimizer_config = model.optimizer.get_config()
        except (AttributeError, NotImplementedError):  # an optimizer of tf.compat.v1.train
            self._optimizer_config = None

    def build(self, mode: str, features: Any = None, labels: Any = None) -> Any:
        """The model of tensors that are given, or of placeholders."""
        tf.keras.backend.set_learning_phase(mode == _TRAIN)
        step = None
        if mode != _PREDICT:
            step = _v1.train.get_or_create_global_step()
            tf.keras.__internal__.backend.track_variable(step)
        return tf.keras.__internal__.models.clone_and_build_model(
            self.model,
            _in_order(features, self.model.input_names),
            _in_order(labels, self.model.output_names),
            self._custom_objects,
            compile_clone=mode != _PREDICT,
            optimizer_iterations=step,
            optimizer_config=self._optimizer_config,
        )


def _in_order(given: Any, names: Sequence[str]) -> list[Any] | None:
    """Features or labels as the model takes them; a dictionary may hold more than that."""
    if given is None or isinstance(given, list | tuple):
        return None if given is None else list(given)
    if not isinstance(given, Mapping):
        return [given]
    if set(given) == {'features', 'sample_weights'} and set(names) != set(given):
        raise NotImplementedError('Sample weights are not supported.')
    missing = [name for name in names if name not in given]
    if missing:
        raise KeyError(f'The model asks for {missing}, which are not among {sorted(given)}.')
    return [given[name] for name in names]


def _spec(
    copy: _Copy,
    features: Any,
    labels: Any,
    mode: str,
    metric_names: Mapping[str, str],
    export_outputs: Mapping[str, Any],
) -> estimator_module.EstimatorSpec:
    model = copy.build(mode, features, labels)
    predictions = dict(zip(model.output_names, model.outputs, strict=True))
    exported = {_DEFAULT: estimator_module.PredictOutput(predictions)}
    exported |= {name: output(predictions[name]) for name, output in export_outputs.items()}
    if mode == _PREDICT:
        return estimator_module.EstimatorSpec(mode, predictions=predictions, export_outputs=exported)
    train_op = None
    if mode == _TRAIN:
        model._make_train_function()
        train_op = model.train_function.updates_op
    else:
        model._make_test_function()
    metrics = {metric_names.get(metric.name, metric.name): metric for metric in model._compile_metric_functions}
    return estimator_module.EstimatorSpec(
        mode, predictions, model.total_loss, train_op, eval_metric_ops=metrics, export_outputs=exported
    )


def _first_checkpoint(copy: _Copy, folder: str, config: estimator_module.RunConfig) -> str:
    """The path of a checkpoint with the weights that the model has, written if there is none yet."""
    path: str | None = tf.train.latest_checkpoint(folder)
    if path is not None:
        return path
    tf.io.gfile.makedirs(folder)
    weights: list[Any] = copy.model.get_weights()
    with tf.Graph().as_default():
        _v1.set_random_seed(config.tf_random_seed)
        _v1.train.create_global_step()
        model = copy.build(_TRAIN)
        model._make_train_function()
        with _v1.Session(config=config.session_config) as session:
            session.run(_v1.global_variables_initializer())
            for variable, value in zip(model.weights, weights, strict=True):
                variable.load(value, session)
            written: str = _v1.train.Saver().save(session, os.path.join(folder, 'keras_model.ckpt'))
    return written
