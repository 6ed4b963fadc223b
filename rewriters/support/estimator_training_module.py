# SPDX-License-Identifier: Apache-2.0
"""Trains an Estimator, and evaluates and exports it meanwhile, with a TensorFlow that has no Estimator any more.

    exporter = estimator_training_module.FinalExporter('final', serving_input_receiver_fn)
    estimator_training_module.train_and_evaluate(
        estimator,
        estimator_training_module.TrainSpec(input_fn, max_steps=1000),
        estimator_training_module.EvalSpec(input_fn, exporters=exporter),
    )

Everything happens in one process: an evaluation follows a checkpoint, and the exports follow the evaluation.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import estimator_module  # type: ignore[import-not-found]  # it stands beside this file
import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]

_v1 = tf.compat.v1


@dataclass(frozen=True)
class TrainSpec:
    """What to train on, and until when."""

    input_fn: Callable[..., Any]
    max_steps: int | None = None
    hooks: Any = ()
    saving_listeners: Any = ()


@dataclass(frozen=True)
class EvalSpec:
    """What to evaluate on, what to export then, and how often. There is no other process to wait for first."""

    input_fn: Callable[..., Any]
    steps: int | None = 100
    name: str | None = None
    hooks: Any = None
    exporters: Any = None
    start_delay_secs: float = 120
    throttle_secs: float = 600


class Exporter:
    """Exports a model after an evaluation."""

    name: str

    def export(
        self,
        estimator: estimator_module.Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> bytes | None:
        """Returns the path of what was exported, if anything was."""
        raise NotImplementedError


class _SavedModelExporter(Exporter):
    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], estimator_module.TensorServingInputReceiver],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
    ) -> None:
        self.name = name
        self._receiver_fn = serving_input_receiver_fn
        self._assets_extra = assets_extra

    def export(
        self,
        estimator: estimator_module.Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> bytes | None:
        tf.io.gfile.makedirs(export_path)
        exported: bytes = estimator.export_saved_model(
            export_path, self._receiver_fn, self._assets_extra, checkpoint_path=checkpoint_path
        )
        return exported


class FinalExporter(_SavedModelExporter):
    """Exports at the end of the training."""

    def export(
        self,
        estimator: estimator_module.Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> bytes | None:
        """Exports if this is the final evaluation."""
        if not is_the_final_export:
            return None
        return super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)


class LatestExporter(_SavedModelExporter):
    """Exports after every evaluation, and keeps the newest models."""

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], estimator_module.TensorServingInputReceiver],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra)
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError('exports_to_keep must be a positive number.')
        self._exports_to_keep = exports_to_keep

    def export(
        self,
        estimator: estimator_module.Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> bytes | None:
        """Exports, and removes the oldest models."""
        exported = super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)
        if self._exports_to_keep is not None:
            folders = [name.rstrip('/') for name in tf.io.gfile.listdir(export_path)]
            numbers = sorted((name for name in folders if name.isdigit()), key=int)
            for name in numbers[: -self._exports_to_keep]:
                tf.io.gfile.rmtree(os.path.join(export_path, name))
        return exported


def _has_smaller_loss(best_eval_result: Mapping[str, Any], current_eval_result: Mapping[str, Any]) -> bool:
    return bool(current_eval_result['loss'] < best_eval_result['loss'])


class BestExporter(LatestExporter):
    """Exports the model whenever it is better than all before, of which it knows those of this process."""

    def __init__(
        self,
        name: str = 'best_exporter',
        serving_input_receiver_fn: Any = None,
        event_file_pattern: str | None = None,
        compare_fn: Callable[..., bool] = _has_smaller_loss,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        self._compare_fn = compare_fn
        self._best: Any = None

    def export(
        self,
        estimator: estimator_module.Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> bytes | None:
        """Exports if the evaluation is the best."""
        best = self._best
        if best is not None and not self._compare_fn(best_eval_result=best, current_eval_result=eval_result):
            return None
        self._best = eval_result
        return super().export(estimator, export_path, checkpoint_path, eval_result, is_the_final_export)


def train_and_evaluate(
    estimator: estimator_module.Estimator, train_spec: TrainSpec, eval_spec: EvalSpec
) -> tuple[Any, Any]:
    """Trains, and evaluates and exports after checkpoints, `throttle_secs` apart, and at the end."""
    listener = _Evaluation(estimator, train_spec.max_steps, eval_spec)
    estimator.train(
        train_spec.input_fn,
        hooks=list(train_spec.hooks or ()),
        max_steps=train_spec.max_steps,
        saving_listeners=[*(train_spec.saving_listeners or ()), listener],
    )
    return listener.metrics, listener.exports


class _Evaluation(_v1.train.CheckpointSaverListener):  # type: ignore[name-defined,misc]
    """Evaluates and exports after a checkpoint was written."""

    def __init__(self, estimator: estimator_module.Estimator, max_steps: int | None, spec: EvalSpec) -> None:
        self._estimator, self._max_steps, self._spec = estimator, max_steps, spec
        self.metrics: Any = None
        self.exports: Any = None

    def begin(self) -> None:
        self._timer = estimator_module.SecondOrStepTimer(every_secs=self._spec.throttle_secs)
        self._is_trained = False

    def after_save(self, session: Any, global_step_value: int) -> None:
        if self._is_trained and self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        self._is_trained = True

    def end(self, session: Any, global_step_value: int) -> None:
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step: int) -> None:
        self._timer.update_last_triggered_step(step)
        estimator, spec = self._estimator, self._spec
        checkpoint = estimator.latest_checkpoint() or ''
        self.metrics = estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, checkpoint, spec.name)
        is_final = bool(self._max_steps) and int(self.metrics['global_step']) >= int(self._max_steps or 0)
        exporters = spec.exporters or ()
        self.exports = [
            exporter.export(
                estimator=estimator,
                export_path=os.path.join(estimator.model_dir, 'export', exporter.name),
                checkpoint_path=checkpoint,
                eval_result=self.metrics,
                is_the_final_export=is_final,
            )
            for exporter in ([exporters] if isinstance(exporters, Exporter) else exporters)
        ]


def stop_if_no_decrease_hook(
    estimator: estimator_module.Estimator,
    metric_name: str,
    max_steps_without_decrease: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """Stops the training when evaluations show no smaller value of a metric for so many steps."""
    patience = max_steps_without_decrease
    folder = eval_dir or estimator.eval_dir()
    return _EarlyStopping(folder, metric_name, patience, -1, min_steps, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator: estimator_module.Estimator,
    metric_name: str,
    max_steps_without_increase: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> Any:
    """Stops the training when evaluations show no larger value of a metric for so many steps."""
    patience = max_steps_without_increase
    folder = eval_dir or estimator.eval_dir()
    return _EarlyStopping(folder, metric_name, patience, 1, min_steps, run_every_secs, run_every_steps)


class _EarlyStopping(_v1.train.SessionRunHook):  # type: ignore[name-defined,misc]
    def __init__(
        self,
        eval_dir: str,
        metric: str,
        patience: int,
        sign: int,
        min_steps: int,
        every_secs: float | None,
        every_steps: int | None,
    ) -> None:
        self._eval_dir, self._metric, self._sign = eval_dir, metric, sign
        self._patience, self._min_steps = patience, min_steps
        self._timer = estimator_module.SecondOrStepTimer(every_secs=every_secs, every_steps=every_steps)

    def begin(self) -> None:
        self._step = _v1.train.get_global_step()

    def after_run(self, run_context: Any, run_values: Any) -> None:
        # In a run of its own: in the one that trains, a resource variable may be read before it is changed.
        step = int(run_context.session.run(self._step))
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._is_over():
                run_context.request_stop()

    def _is_over(self) -> bool:
        best, best_step = -np.inf, 0
        for step, value in self._values():
            if self._sign * value > best:
                best, best_step = self._sign * value, step
            if step - best_step >= self._patience:
                return True
        return False

    def _values(self) -> list[tuple[int, float]]:
        """The metric after each step that was evaluated."""
        return sorted(
            (event.step, value.simple_value)
            for path in tf.io.gfile.glob(os.path.join(self._eval_dir, '*.tfevents.*'))
            for event in _v1.train.summary_iterator(path)
            for value in event.summary.value
            if value.tag == self._metric and event.step >= self._min_steps
        )
