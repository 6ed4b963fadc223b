# SPDX-License-Identifier: Apache-2.0
"""Runs what was written for TPUEstimator without a TPU, with a TensorFlow that has no Estimator any more.

What TensorFlow 1 did for `use_tpu=False`: the `model_fn` and every input_fn find their batch size in
`params['batch_size']`, and a TPUEstimatorSpec becomes an EstimatorSpec. `use_tpu=True` is an error.

    config = estimator_tpu_module.RunConfig(model_dir='checkpoints')
    estimator = estimator_tpu_module.TPUEstimator(model_fn, config=config, use_tpu=False, train_batch_size=8)

What is exported is the model for CPU and GPU: never the one tagged `tpu` that TensorFlow 1 wrote beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import estimator_module  # type: ignore[import-not-found]  # it stands beside this file
import tensorflow as tf  # type: ignore[import-untyped]

_v1 = tf.compat.v1
_BATCH_SIZE, _USE_TPU = 'batch_size', 'use_tpu'

# They are there still, and do something on a TPU only.
CrossShardOptimizer = _v1.tpu.CrossShardOptimizer
bfloat16_scope = _v1.tpu.bfloat16_scope


class InputPipelineConfig:
    """How input_fns feed several TPUs: nothing is made of it."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


class TPUConfig(NamedTuple):
    """How to run on TPUs: nothing is made of it."""

    iterations_per_loop: Any = 2
    num_shards: int | None = None
    num_cores_per_replica: int | None = None
    per_host_input_for_training: Any = True
    tpu_job_name: str | None = None
    initial_infeed_sleep_secs: int | None = None
    input_partition_dims: Any = None
    eval_training_input_configuration: Any = InputPipelineConfig.PER_HOST_V1
    experimental_host_call_every_n_steps: int = 1


class RunConfig(estimator_module.RunConfig):  # type: ignore[misc]
    """The same as without TPUs, and how to run on them."""

    _HERE = estimator_module.RunConfig._HERE | {'tpu_config'}
    cluster = None

    def __init__(
        self,
        tpu_config: TPUConfig | None = None,
        evaluation_master: str | None = None,
        master: str | None = None,
        cluster: Any = None,
        **of_estimators: Any,
    ) -> None:
        if master or evaluation_master or cluster is not None:
            raise NotImplementedError('There is nothing here that connects to a TPU: master or cluster')
        super().__init__(**of_estimators)
        self.tpu_config = tpu_config or TPUConfig()


class TPUEstimatorSpec(NamedTuple):
    """What a `model_fn` returns."""

    mode: str
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metrics: Any = None
    export_outputs: Any = None
    scaffold_fn: Callable[[], Any] | None = None
    host_call: Any = None
    training_hooks: Any = None
    evaluation_hooks: Any = None
    prediction_hooks: Any = None

    def as_estimator_spec(self) -> estimator_module.EstimatorSpec:
        """The same without a TPU: `eval_metrics` and `host_call` are called here and now."""
        metrics = None if self.eval_metrics is None else _called(self.eval_metrics)
        hooks = [] if self.host_call is None else [_HostCall(_called(self.host_call))]
        return estimator_module.EstimatorSpec(
            mode=self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=[*(self.training_hooks or ()), *hooks],
            evaluation_hooks=[*(self.evaluation_hooks or ()), *hooks],
            prediction_hooks=[*(self.prediction_hooks or ()), *hooks],
        )


def _called(given: tuple[Callable[..., Any], Any]) -> Any:
    function, tensors = given
    return function(*tensors) if isinstance(tensors, list | tuple) else function(**tensors)


class _HostCall(_v1.train.SessionRunHook):  # type: ignore[name-defined,misc]
    """Runs what a host_call returned with every step."""

    def __init__(self, tensors: Any) -> None:
        self._tensors = tensors

    def before_run(self, run_context: Any) -> Any:
        return _v1.train.SessionRunArgs(self._tensors)


class TPUEstimator(estimator_module.Estimator):  # type: ignore[misc]
    """Trains, evaluates, predicts with and exports the graphs of a `model_fn`, on one CPU or GPU."""

    def __init__(
        self,
        model_fn: Callable[..., Any],
        model_dir: str | None = None,
        config: RunConfig | None = None,
        params: Any = None,
        use_tpu: bool = True,
        train_batch_size: int | None = None,
        eval_batch_size: int | None = None,
        predict_batch_size: int | None = None,
        batch_axis: Any = None,
        eval_on_tpu: bool = True,
        export_to_tpu: bool = True,
        export_to_cpu: bool = True,
        warm_start_from: Any = None,
        embedding_config_spec: Any = None,
    ) -> None:
        if use_tpu or embedding_config_spec is not None or not export_to_cpu:
            raise NotImplementedError('There is nothing here that runs on a TPU, or exports for one only.')
        if not isinstance(config, RunConfig):
            raise ValueError('config must be given, and be a RunConfig of this module.')
        if params is not None and (_BATCH_SIZE in params or 'context' in params):
            raise ValueError(f'"{_BATCH_SIZE}" and "context" are reserved keys of params.')
        modes = estimator_module.ModeKeys
        self._batch_sizes = {
            modes.TRAIN: train_batch_size,
            modes.EVAL: eval_batch_size,
            modes.PREDICT: predict_batch_size,
        }
        super().__init__(model_fn, model_dir, config, params or {}, warm_start_from)

    def _spec(self, input_fn: Callable[..., Any], mode: str) -> Any:
        if 'params' not in estimator_module.fn_args(input_fn):
            raise ValueError('input_fn must take params: its batch size is params["batch_size"].')
        return super()._spec(input_fn, mode)

    def _params_in(self, mode: str) -> Any:
        size = self._batch_sizes[mode]
        return self.params if size is None else _with_item(self.params, _BATCH_SIZE, size)

    def _call(self, features: Any, labels: Any, mode: str, params: Any) -> Any:
        return super()._call(features, labels, mode, _with_item(params, _USE_TPU, False))

    def _as_spec(self, returned: Any) -> Any:
        is_for_tpus = isinstance(returned, TPUEstimatorSpec)
        return super()._as_spec(returned.as_estimator_spec() if is_for_tpus else returned)


def _with_item(params: Any, key: str, value: Any) -> Any:
    """The same params with one more value: they are a dictionary, or something like `tf.contrib`'s HParams."""
    if not hasattr(params, 'set_hparam'):
        params[key] = value
    elif key in params:
        params.set_hparam(key, value)
    else:
        params.add_hparam(key, value)
    return params
