# SPDX-License-Identifier: Apache-2.0
"""Trains, evaluates and exports a TensorFlow 1 `model_fn` with a TensorFlow that has no Estimator any more.

For code whose graph is made by a `model_fn(features, labels, mode, params, config)`. The names are those of
`tf.estimator` and `tf.estimator.export`:

    estimator = estimator_module.Estimator(model_fn, 'checkpoints', params={'hidden': 8})
    estimator.train(input_fn, steps=1000)
    estimator.export_saved_model('export', serving_input_receiver_fn)

The `model_fn` is called as TensorFlow 1 did, in a graph of its own for each mode, and checkpoints are read and written
by the same names. What is exported is a TensorFlow 2 model, written by `session_module`, with the signature keys, input
and output names and method names that TensorFlow 1 gave it: `serving_default` for a lone output, no classify or regress
signature where the input is not one string tensor.

One machine and one device: a distribution strategy of a RunConfig is not followed, which a warning says, and a cluster
of several machines is an error. Canned estimators (`DNNClassifier`) and heads are not here: their graphs were made
inside of TensorFlow.

In this order: what functions of the project return, the Estimator, and what that is made of. Beside this file stand
those that are used of estimator_training_module (`train_and_evaluate`, exporters), estimator_inputs_module,
estimator_keras_module (`model_to_estimator`), estimator_keys_module (PredictionKeys, MetricKeys),
estimator_modes_module (exports for TRAIN and EVAL) and estimator_tpu_module.

Needs TensorFlow 2.15 or newer and Python 3.10 or newer.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import numpy as np
import session_module  # type: ignore[import-not-found]  # it stands beside this file
import tensorflow as tf  # type: ignore[import-untyped]

_v1 = tf.compat.v1
_DEFAULT = tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY

# Where these live now.
CheckpointSaverHook = _v1.train.CheckpointSaverHook
CheckpointSaverListener = _v1.train.CheckpointSaverListener
FeedFnHook = _v1.train.FeedFnHook
FinalOpsHook = _v1.train.FinalOpsHook
GlobalStepWaiterHook = _v1.train.GlobalStepWaiterHook
LoggingTensorHook = _v1.train.LoggingTensorHook
NanLossDuringTrainingError = _v1.train.NanLossDuringTrainingError
NanTensorHook = _v1.train.NanTensorHook
ProfilerHook = _v1.train.ProfilerHook
SecondOrStepTimer = _v1.train.SecondOrStepTimer
SessionRunArgs = _v1.train.SessionRunArgs
SessionRunContext = _v1.train.SessionRunContext
SessionRunHook = _v1.train.SessionRunHook
SessionRunValues = _v1.train.SessionRunValues
StepCounterHook = _v1.train.StepCounterHook
StopAtStepHook = _v1.train.StopAtStepHook
SummarySaverHook = _v1.train.SummarySaverHook
VocabInfo = _v1.train.VocabInfo


class ModeKeys:
    """What a `model_fn` is called for."""

    TRAIN = 'train'
    EVAL = 'eval'
    PREDICT = 'infer'


# -- What functions of the project return ------------------------------------------------------------------------------


class _Spec(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: Any
    export_outputs: Any
    training_chief_hooks: tuple[Any, ...]
    training_hooks: tuple[Any, ...]
    scaffold: Any
    evaluation_hooks: tuple[Any, ...]
    prediction_hooks: tuple[Any, ...]


class EstimatorSpec(_Spec):
    """What a `model_fn` returns."""

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Any = None,
        export_outputs: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        if mode == ModeKeys.TRAIN and train_op is None:
            raise ValueError('Missing train_op.')
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL) and loss is None:
            raise ValueError('Missing loss.')
        if mode == ModeKeys.PREDICT and predictions is None:
            raise ValueError('Missing predictions.')
        hooks = (training_chief_hooks, training_hooks, evaluation_hooks, prediction_hooks)
        chief, training, evaluation, prediction = (tuple(given or ()) for given in hooks)
        return super().__new__(
            cls,
            mode,
            {} if predictions is None else predictions,
            None if loss is None else _scalar(loss),
            train_op.op if isinstance(train_op, tf.Variable) else train_op,
            eval_metric_ops or {},
            export_outputs,
            chief,
            training,
            scaffold or _v1.train.Scaffold(),
            evaluation,
            prediction,
        )


def _scalar(loss: Any) -> Any:
    loss = tf.convert_to_tensor(loss)
    if loss.shape.num_elements() not in (1, None):
        raise ValueError(f'Loss must be scalar, given: {loss}')
    return tf.reshape(loss, []) if loss.shape.rank != 0 else loss


class _Receiver(NamedTuple):
    features: Any
    receiver_tensors: dict[Any, Any]
    receiver_tensors_alternatives: dict[Any, Any] | None


class TensorServingInputReceiver(_Receiver):
    """What a client feeds, and the features made from that, which may be one tensor."""

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> TensorServingInputReceiver:
        alternatives = receiver_tensors_alternatives
        if alternatives is not None:
            alternatives = {name: _named(tensors, 'input') for name, tensors in alternatives.items()}
        return super().__new__(cls, features, _named(receiver_tensors, 'input'), alternatives)


class ServingInputReceiver(TensorServingInputReceiver):
    """The same; a lone feature becomes the dict `{'feature': …}`."""

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> ServingInputReceiver:
        features = _named(features, 'feature')
        made = super().__new__(cls, features, receiver_tensors, receiver_tensors_alternatives)
        return cast('ServingInputReceiver', made)


def _named(tensors: Any, name: str) -> dict[Any, Any]:
    return dict(tensors) if isinstance(tensors, Mapping) else {name: tensors}


def build_raw_serving_input_receiver_fn(
    features: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Returns a function whose receiver is fed the features themselves, in batches of any size."""

    def placeholder(tensor: Any) -> Any:
        shape = None if tensor.shape.rank is None else [default_batch_size, *tensor.shape.as_list()[1:]]
        return _v1.placeholder(tensor.dtype.base_dtype, shape)  # savedmodel-migrate: ignore[NAM301]

    def serving_input_receiver_fn() -> ServingInputReceiver:
        tensors = {name: placeholder(tensor) for name, tensor in features.items()}
        return ServingInputReceiver(tensors, tensors)

    return serving_input_receiver_fn


def build_parsing_serving_input_receiver_fn(
    feature_spec: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Returns a function whose receiver is fed serialized tf.Examples, called `examples`."""

    def serving_input_receiver_fn() -> ServingInputReceiver:
        examples = _v1.placeholder(tf.string, [default_batch_size], name='input_example_tensor')
        return ServingInputReceiver(_v1.parse_example(examples, feature_spec), {'examples': examples})

    return serving_input_receiver_fn


class PredictOutput:
    """Any tensors, by name."""

    def __init__(self, outputs: Any) -> None:
        named = _named(outputs, 'output')
        self.outputs = {'/'.join(key) if isinstance(key, tuple) else key: value for key, value in named.items()}

    def signature(self, inputs: Mapping[str, Any]) -> Any:
        """The signature that serves this."""
        return _v1.saved_model.predict_signature_def(inputs, self.outputs)


class ClassificationOutput:
    """Scores of classes, their labels, or both."""

    def __init__(self, scores: Any = None, classes: Any = None) -> None:
        if scores is None and classes is None:
            raise ValueError('At least one of scores and classes must be set.')
        self.scores, self.classes = scores, classes

    def signature(self, inputs: Mapping[str, Any]) -> Any:
        """The signature that serves this; None where the input is not one string tensor."""
        examples = _lone_string(inputs)
        if examples is None:
            return None
        return _v1.saved_model.classification_signature_def(examples, self.classes, self.scores)


class RegressionOutput:
    """Numbers."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def signature(self, inputs: Mapping[str, Any]) -> Any:
        """The signature that serves this; None where the input is not one string tensor."""
        examples = _lone_string(inputs)
        return None if examples is None else _v1.saved_model.regression_signature_def(examples, self.value)


def _lone_string(inputs: Mapping[str, Any]) -> Any:
    tensors = list(inputs.values())
    return tensors[0] if len(tensors) == 1 and tensors[0].dtype.base_dtype == tf.string else None


def signatures_of(receiver: TensorServingInputReceiver, spec: EstimatorSpec) -> dict[str, Any]:
    """The signatures that TensorFlow 1 makes of what a client feeds and what the `model_fn` exports."""
    outputs = {_DEFAULT: PredictOutput(spec.predictions)} if spec.export_outputs is None else dict(spec.export_outputs)
    if len(outputs) == 1:
        outputs.setdefault(_DEFAULT, *outputs.values())
    if outputs and _DEFAULT not in outputs:
        raise ValueError(f'Several export_outputs, and none of them is called "{_DEFAULT}".')
    made = {str(key or 'None'): output.signature(receiver.receiver_tensors) for key, output in outputs.items()}
    for name, tensors in (receiver.receiver_tensors_alternatives or {}).items():
        made.update({f'{name or None}:{key or None}': output.signature(tensors) for key, output in outputs.items()})
    for key in (key for key, signature in made.items() if signature is None):
        tf.get_logger().warning('Signature "%s" is left out: its input is not one string tensor.', key)
    valid = _v1.saved_model.is_valid_signature
    return {key: signature for key, signature in made.items() if signature is not None and valid(signature)}


# -- The Estimator -----------------------------------------------------------------------------------------------------


class RunConfig:
    """How to train: seed, checkpoints, summaries, and the session's configuration.

    Strategies are not followed: the training runs on one device, with the batches that the input_fn makes.
    """

    _HERE = frozenset(
        'model_dir tf_random_seed save_summary_steps save_checkpoints_steps save_checkpoints_secs session_config '
        'keep_checkpoint_max keep_checkpoint_every_n_hours log_step_count_steps'.split()
    )
    is_chief = True
    task_type, task_id, global_id_in_cluster = 'worker', 0, 0
    num_worker_replicas, num_ps_replicas = 1, 0
    master = evaluation_master = ''
    train_distribute = eval_distribute = None

    def __init__(
        self,
        model_dir: str | None = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: int | None = None,
        save_checkpoints_secs: float | None = None,
        session_config: Any = None,
        keep_checkpoint_max: int = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        *,
        train_distribute: Any = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        **of_clusters: Any,
    ) -> None:
        if any(strategy is not None for strategy in (train_distribute, eval_distribute, experimental_distribute)):
            tf.get_logger().warning('Distribution strategies are not followed: training and evaluating on one device.')
        asked = [name for name, value in of_clusters.items() if value is not None]
        cluster = json.loads(os.environ.get('TF_CONFIG') or '{}').get('cluster', {})
        if asked or sum(map(len, cluster.values())) > 1:
            what = ', '.join(asked) or 'the cluster of TF_CONFIG'
            raise NotImplementedError(f'Training on several devices or machines: {what}')
        if save_checkpoints_steps is not None and save_checkpoints_secs is not None:
            raise ValueError('Give save_checkpoints_steps or save_checkpoints_secs, not both.')
        if save_checkpoints_steps is None and save_checkpoints_secs is None:
            save_checkpoints_secs = 600
        self.model_dir = os.fspath(model_dir) if model_dir else None
        self.tf_random_seed = tf_random_seed
        self.save_summary_steps = save_summary_steps
        self.save_checkpoints_steps = save_checkpoints_steps
        self.save_checkpoints_secs = save_checkpoints_secs
        self.session_config = session_config
        self.keep_checkpoint_max = keep_checkpoint_max
        self.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self.log_step_count_steps = log_step_count_steps

    def replace(self, **changes: Any) -> RunConfig:
        """A copy with other values."""
        if 'save_checkpoints_steps' in changes:
            changes.setdefault('save_checkpoints_secs', None)
        elif 'save_checkpoints_secs' in changes:
            changes.setdefault('save_checkpoints_steps', None)
        return type(self)(**{**{name: getattr(self, name) for name in self._HERE}, **changes})


class WarmStartSettings(NamedTuple):
    """Which values to begin with, instead of the initial ones."""

    ckpt_to_initialize_from: str
    vars_to_warm_start: Any = '.*'
    var_name_to_vocab_info: Any = None
    var_name_to_prev_var_name: Any = None


class Estimator:
    """Trains, evaluates, predicts with and exports the graphs that a `model_fn` makes."""

    def __init__(
        self,
        model_fn: Callable[..., EstimatorSpec],
        model_dir: str | None = None,
        config: RunConfig | None = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        config = RunConfig() if config is None else config
        if model_dir and config.model_dir and os.fspath(model_dir) != config.model_dir:
            raise ValueError(f'model_dir is {model_dir}, and {config.model_dir} in the config.')
        self.model_dir: str = os.fspath(model_dir or config.model_dir or tempfile.mkdtemp())
        self._config = config.replace(model_dir=self.model_dir)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        if isinstance(warm_start_from, str | bytes | os.PathLike):
            warm_start_from = WarmStartSettings(tf.compat.as_str(os.fspath(warm_start_from)))
        self._warm_start_from = warm_start_from
        allowed = {'features', 'labels', 'mode', 'params', 'config'}
        taken = _parameters(model_fn)
        if 'features' not in taken or not taken <= allowed or (params is not None and 'params' not in taken):
            raise ValueError(f'model_fn must take features, and of {sorted(allowed)} what it is given, not {taken}.')

    @property
    def config(self) -> RunConfig:
        """A copy of the configuration."""
        return copy.deepcopy(self._config)

    @property
    def params(self) -> Any:
        """A copy of the params."""
        return copy.deepcopy(self._params)

    def latest_checkpoint(self) -> str | None:
        """The path of the newest checkpoint."""
        path: str | None = tf.train.latest_checkpoint(self.model_dir)
        return path

    def eval_dir(self, name: str | None = None) -> str:
        """Where summaries of evaluations are written."""
        return os.path.join(self.model_dir, 'eval' if not name else f'eval_{name}')

    def get_variable_names(self) -> list[str]:
        """The names of the variables in the newest checkpoint."""
        return [name for name, _ in tf.train.list_variables(self.model_dir)]

    def get_variable_value(self, name: str) -> Any:
        """A variable's value in the newest checkpoint."""
        return tf.train.load_variable(self.model_dir, name)

    def train(
        self,
        input_fn: Callable[..., Any],
        hooks: Any = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Any = None,
    ) -> Estimator:
        """Trains from the newest checkpoint: `steps` more, up to `max_steps` in all, or until the input ends."""
        if steps is not None and max_steps is not None:
            raise ValueError('Give steps or max_steps, not both.')
        if max_steps is not None and self._last_step() >= max_steps:
            tf.get_logger().info('Skipping training since max_steps has already saved.')
            return self
        config = self._config
        stops = steps is not None or max_steps is not None
        graph = self._new_graph()
        with graph.as_default():
            spec, input_hooks = self._spec(input_fn, ModeKeys.TRAIN)
            self._warm_start()
            _summarise_loss(spec.loss)
            scaffold = spec.scaffold
            if not (scaffold.saver or graph.get_collection('savers')):
                saver = _v1.train.Saver(
                    sharded=True,
                    max_to_keep=config.keep_checkpoint_max,
                    keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                    defer_build=True,
                    save_relative_paths=True,
                )
                graph.add_to_collection('savers', saver)
            own = [StopAtStepHook(num_steps=steps, last_step=max_steps)] if stops else []
            own.append(NanTensorHook(spec.loss))
            if config.log_step_count_steps is not None:
                logged = {'loss': spec.loss, 'step': _v1.train.get_global_step()}
                own.append(LoggingTensorHook(logged, every_n_iter=config.log_step_count_steps))
            given = [*input_hooks, *(hooks or ()), *own, *spec.training_hooks]
            with _v1.train.MonitoredTrainingSession(
                checkpoint_dir=self.model_dir,
                scaffold=scaffold,
                hooks=given,
                chief_only_hooks=[*self._saver_hooks(given, spec, saving_listeners), *spec.training_chief_hooks],
                save_checkpoint_secs=0,
                save_summaries_steps=config.save_summary_steps,
                config=_session_config(config),
                log_step_count_steps=config.log_step_count_steps,
            ) as session:
                while not session.should_stop():
                    session.run([spec.train_op, spec.loss])
        return self

    def evaluate(
        self,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Any = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """The metrics, the loss and the step of a checkpoint, over `steps` batches or the whole input."""
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        with self._new_graph().as_default():
            spec, input_hooks = self._spec(input_fn, ModeKeys.EVAL)
            if not checkpoint_path:
                self._warm_start()
            updates, values = _metrics(spec)
            values['global_step'] = _v1.train.get_global_step()
            final = FinalOpsHook(values)
            with self._session(
                _with_local_variables(spec.scaffold),
                [*input_hooks, *(hooks or ()), *spec.evaluation_hooks, final],
                checkpoint_path,
            ) as session:
                for _ in range(steps) if steps else itertools.count():
                    if session.should_stop():
                        break
                    session.run(updates)
            results: dict[str, Any] = final.final_ops_values
            self._write_metrics(results, name)
        return results

    def predict(
        self,
        input_fn: Callable[..., Any],
        predict_keys: Any = None,
        hooks: Any = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """Yields the predictions for every example of the input, or for every batch."""
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        with self._new_graph().as_default():
            spec, input_hooks = self._spec(input_fn, ModeKeys.PREDICT)
            if not checkpoint_path:
                self._warm_start()
            predictions = spec.predictions
            if predict_keys:
                predictions = {key: value for key, value in predictions.items() if key in predict_keys}
                if not predictions:
                    raise ValueError(f'None of {predict_keys} is predicted: {list(spec.predictions)}')
            all_hooks = [*input_hooks, *(hooks or ()), *spec.prediction_hooks]
            session = self._session(spec.scaffold, all_hooks, checkpoint_path)
        # The graph is not the default one while the caller has a value: that may have another.
        with session:
            while not session.should_stop():
                batch = session.run(predictions)
                if not yield_single_examples:
                    yield batch
                elif not isinstance(batch, dict):
                    yield from batch
                else:
                    yield from _rows(batch)

    def export_saved_model(
        self,
        export_dir_base: str,
        serving_input_receiver_fn: Callable[[], TensorServingInputReceiver],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Writes a checkpoint's model into a new folder named after the time, and returns the folder's path.

        TensorFlow 2 writes no text: `as_text` changes nothing.
        """
        receiver_fns = {experimental_mode: serving_input_receiver_fn}
        return self.experimental_export_all_saved_models(
            export_dir_base, receiver_fns, assets_extra, as_text, checkpoint_path
        )

    def export_savedmodel(
        self,
        export_dir_base: str,
        serving_input_receiver_fn: Callable[[], TensorServingInputReceiver],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """`export_saved_model` by its old name. TensorFlow 2 strips the default attributes."""
        return self.export_saved_model(
            export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path
        )

    def experimental_export_all_saved_models(
        self,
        export_dir_base: str,
        input_receiver_fn_map: Mapping[str, Callable[[], TensorServingInputReceiver]],
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
    ) -> bytes:
        """The same for each of several modes: those other than PREDICT need estimator_modes_module beside this file."""
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        if not checkpoint_path and self._warm_start_from is not None:
            checkpoint_path = self._warm_start_from.ckpt_to_initialize_from
            checkpoint_path = tf.train.latest_checkpoint(checkpoint_path) or checkpoint_path
        if not checkpoint_path:
            raise ValueError(f"Couldn't find trained model at {self.model_dir}.")
        base = tf.compat.as_str(os.fspath(export_dir_base))
        export_dir = _new_folder(base)
        # Servers watch for folders with a number for a name: show them the model when it is whole.
        temporary_dir = os.path.join(base, 'temp-' + os.path.basename(export_dir))
        receiver_fns = {mode: made for mode, made in input_receiver_fn_map.items() if made is not None}
        if set(receiver_fns) == {ModeKeys.PREDICT}:
            self._write_for_serving(temporary_dir, receiver_fns[ModeKeys.PREDICT], checkpoint_path)
        else:
            import estimator_modes_module  # type: ignore[import-not-found]

            estimator_modes_module.write(self, temporary_dir, receiver_fns, checkpoint_path)
        for destination, source in (assets_extra or {}).items():
            path = os.path.join(temporary_dir, 'assets.extra', tf.compat.as_str(destination))
            tf.io.gfile.makedirs(os.path.dirname(path))
            tf.io.gfile.copy(source, path)
        tf.io.gfile.rename(temporary_dir, export_dir)
        return export_dir.encode()

    def _write_for_serving(self, export_dir: str, receiver_fn: Callable[[], Any], checkpoint_path: str) -> None:
        with self.restored(receiver_fn, ModeKeys.PREDICT, checkpoint_path) as (session, receiver, spec, _):
            signatures = signatures_of(receiver, spec)
            session.run(local_init_op(spec.scaffold))
            session_module.save(session, export_dir, signatures)

    @contextlib.contextmanager
    def restored(
        self, receiver_fn: Callable[[], Any], mode: str, checkpoint_path: str
    ) -> Iterator[tuple[Any, Any, EstimatorSpec, Any]]:
        """(session, receiver, spec, saver) of a mode's graph, with the values of a checkpoint."""
        with self._new_graph().as_default():
            receiver = _call_with(receiver_fn, {})
            spec = self._call(receiver.features, getattr(receiver, 'labels', None), mode, self.params)
            saver = spec.scaffold.saver or _v1.train.Saver(sharded=True)
            with _v1.Session(config=_session_config(self._config)) as session:
                saver.restore(session, checkpoint_path)
                yield session, receiver, spec, saver

    def _new_graph(self) -> Any:
        """A graph with the configured seed and a step counter."""
        graph = tf.Graph()
        with graph.as_default():
            _v1.set_random_seed(self._config.tf_random_seed)
            _v1.train.create_global_step()
        return graph

    def _spec(self, input_fn: Callable[..., Any], mode: str) -> tuple[EstimatorSpec, list[Any]]:
        given = {'mode': mode, 'params': self._params_in(mode), 'config': self.config}
        features, labels, hooks = inputs_of(_call_with(input_fn, given), mode)
        return self._call(features, labels, mode, self._params_in(mode)), hooks

    def _params_in(self, mode: str) -> Any:
        """The params for an input_fn, and for the model_fn that is given what it returns."""
        return self.params

    def _call(self, features: Any, labels: Any, mode: str, params: Any) -> EstimatorSpec:
        given = {'labels': labels, 'mode': mode, 'params': params, 'config': self.config}
        if labels is not None and 'labels' not in _parameters(self._model_fn):
            raise ValueError('model_fn does not take labels, but input_fn returns labels.')
        return self._as_spec(_call_with(self._model_fn, {'features': features, **given}))

    def _as_spec(self, returned: Any) -> EstimatorSpec:
        if not isinstance(returned, EstimatorSpec):
            raise ValueError('model_fn should return an EstimatorSpec.')
        return returned

    def _warm_start(self) -> None:
        if self._warm_start_from is not None:
            _v1.train.warm_start(*self._warm_start_from)

    def _session(self, scaffold: Any, hooks: list[Any], checkpoint_path: str | None) -> Any:
        creator = _v1.train.ChiefSessionCreator(
            scaffold, config=_session_config(self._config), checkpoint_filename_with_path=checkpoint_path
        )
        return _v1.train.MonitoredSession(creator, hooks)

    def _saver_hooks(self, hooks: list[Any], spec: EstimatorSpec, listeners: Any) -> list[Any]:
        """The hook that writes checkpoints, where the caller has none of its own; it gets the listeners."""
        config = self._config
        there = [hook for hook in (*hooks, *spec.training_chief_hooks) if isinstance(hook, CheckpointSaverHook)]
        made = []
        if not there and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            secs, steps = config.save_checkpoints_secs, config.save_checkpoints_steps
            made = [CheckpointSaverHook(self.model_dir, save_secs=secs, save_steps=steps, scaffold=spec.scaffold)]
        if listeners:
            if not (there or made):
                raise ValueError('Listeners need save_checkpoints_steps or save_checkpoints_secs.')
            [*there, *made][0]._listeners.extend(listeners)
        return made

    def _last_step(self) -> int:
        return int(self.get_variable_value('global_step')) if self.latest_checkpoint() else 0

    def _write_metrics(self, results: Mapping[str, Any], name: str | None) -> None:
        """For TensorBoard."""
        numbers = {key: value for key, value in results.items() if np.ndim(value) == 0 and np.isreal(value)}
        values = [_v1.Summary.Value(tag=key, simple_value=float(value)) for key, value in numbers.items()]
        with _v1.summary.FileWriter(self.eval_dir(name)) as writer:
            writer.add_summary(_v1.Summary(value=values), int(results['global_step']))


# -- What it is made of ------------------------------------------------------------------------------------------------


def _session_config(config: RunConfig) -> Any:
    return config.session_config or _v1.ConfigProto(allow_soft_placement=True)


def fn_args(fn: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the arguments that a function takes by position, without those that a `functools.partial` gives."""
    if isinstance(fn, functools.partial):
        return tuple(name for name in fn_args(fn.func)[len(fn.args) :] if name not in fn.keywords)
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(p.name for p in inspect.signature(fn).parameters.values() if p.kind in positional)


def _parameters(function: Callable[..., Any]) -> set[str]:
    """The names of a function's parameters, without those that a `functools.partial` gives."""
    given = set()
    while isinstance(function, functools.partial):
        given |= set(function.keywords)
        given |= set(list(inspect.signature(function.func).parameters)[: len(function.args)])
        function = function.func
    parameters = inspect.signature(function).parameters.values()
    named = {p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}
    return named - given


def _call_with(function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Calls a function with those of the arguments that it takes."""
    taken = _parameters(function)
    with _dimensions_of_tensorflow_1():
        return function(**{name: value for name, value in given.items() if name in taken})


@contextlib.contextmanager
def _dimensions_of_tensorflow_1() -> Iterator[None]:
    """Functions of TensorFlow 1 ask shapes for `x.shape[1].value`, and take `x.shape[0] != 1` for unknown, not true."""
    if not isinstance(tf.TensorShape([1])[0], int):
        yield
        return
    _v1.disable_v2_tensorshape()
    try:
        yield
    finally:
        _v1.enable_v2_tensorshape()


def inputs_of(result: Any, mode: str) -> tuple[Any, Any, list[Any]]:
    """(features, labels, hooks that start the input) of what an input_fn returned."""
    hooks = []
    if isinstance(result, tf.data.Dataset):
        iterator = _v1.data.make_initializable_iterator(result)
        hooks.append(_Starter(iterator.initializer))
        result = iterator.get_next()
    if mode == ModeKeys.PREDICT:
        return result[0] if isinstance(result, list | tuple) else result, None, hooks
    if not isinstance(result, list | tuple):
        return result, None, hooks
    if len(result) != 2:
        raise ValueError('input_fn should return (features, labels).')
    return result[0], result[1], hooks


class _Starter(_v1.train.SessionRunHook):  # type: ignore[name-defined,misc]
    def __init__(self, initializer: Any) -> None:
        self._initializer = initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        session.run(self._initializer)


def _summarise_loss(loss: Any) -> None:
    if not any(tensor.op.name == 'loss' for tensor in _v1.get_collection('summaries')):
        _v1.summary.scalar('loss', loss)
    _v1.add_to_collection('losses', loss)


def _metrics(spec: EstimatorSpec) -> tuple[Any, dict[str, Any]]:
    """(what updates the metrics, their values); the loss is one of them."""
    metrics = {'loss': _v1.metrics.mean(spec.loss), **spec.eval_metric_ops}
    pairs = {name: value_and_update(metric) for name, metric in sorted(metrics.items())}
    updates = [update for _, update in pairs.values() if update is not None]
    return tf.group(*updates), {name: value for name, (value, _) in pairs.items()}


def value_and_update(metric: Any) -> tuple[Any, Any]:
    """The pair that a metric is; the variables of one of Keras become local ones, which sessions initialise."""
    if not hasattr(metric, 'updates'):
        return metric[0], metric[1]
    local = {id(variable) for variable in _v1.local_variables()}
    for variable in metric.variables:
        if id(variable) not in local:
            _v1.add_to_collection(_v1.GraphKeys.LOCAL_VARIABLES, variable)
    return metric.result(), tf.group(*metric.updates)


def local_init_op(scaffold: Any) -> Any:
    """What initialises local variables and tables."""
    op = scaffold.local_init_op
    return _v1.train.Scaffold.default_local_init_op() if op is None else op


def _with_local_variables(scaffold: Any) -> Any:
    """The metrics' variables were made after the scaffold's own op was."""
    if scaffold.local_init_op is None:
        return scaffold
    both = tf.group(scaffold.local_init_op, _v1.train.Scaffold.default_local_init_op())
    return _v1.train.Scaffold(local_init_op=both, copy_from_scaffold=scaffold)


def _rows(batch: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    sizes = {len(value) for value in batch.values()}
    if len(sizes) != 1:
        raise ValueError(f'Batch length of predictions should be same; they are {sizes}.')
    for row in range(sizes.pop()):
        yield {key: value[row] for key, value in batch.items()}


def _new_folder(base: str) -> str:
    folder = os.path.join(base, str(int(time.time())))
    while tf.io.gfile.exists(folder):
        time.sleep(1)
        folder = os.path.join(base, str(int(time.time())))
    return folder
