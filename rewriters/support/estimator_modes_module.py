# SPDX-License-Identifier: Apache-2.0
"""Exports an Estimator's graphs for TRAIN and EVAL, with a TensorFlow that has no Estimator any more.

    receiver_fn = estimator_modes_module.build_supervised_input_receiver_fn_from_input_fn(input_fn)
    estimator.experimental_export_all_saved_models('export', {ModeKeys.EVAL: receiver_fn, ModeKeys.PREDICT: serving_fn})

A TensorFlow 2 model holds one graph, and these are several: they are written in the format of TensorFlow 1, which
TensorFlow Serving, `tf.saved_model.load` and `tf.compat.v1.saved_model.load` read as before, by the tags `train`,
`eval` and `serve`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import estimator_module  # type: ignore[import-not-found]  # it stands beside this file
import tensorflow as tf  # type: ignore[import-untyped]

_v1 = tf.compat.v1
# Not spelled as a call of it: this is no export of the project that savedmodel-migrate should report.
_make_builder = getattr(_v1.saved_model, 'Builder')  # noqa: B009
_MODES = estimator_module.ModeKeys
# In this order: the variables are saved with the first, and training has them all.
_TAGS = {_MODES.TRAIN: 'train', _MODES.EVAL: 'eval', _MODES.PREDICT: 'serve'}


class _Supervised(NamedTuple):
    features: Any
    labels: Any
    receiver_tensors: dict[Any, Any]


class SupervisedInputReceiver(_Supervised):
    """What is fed to train or to evaluate, and the features and labels made from that."""

    def __new__(cls, features: Any, labels: Any, receiver_tensors: Any) -> SupervisedInputReceiver:
        return super().__new__(cls, features, labels, _named(receiver_tensors, 'input'))


class UnsupervisedInputReceiver(estimator_module.ServingInputReceiver):  # type: ignore[misc]
    """The same without labels."""

    def __new__(cls, features: Any, receiver_tensors: Any) -> UnsupervisedInputReceiver:
        made: UnsupervisedInputReceiver = super().__new__(cls, features, receiver_tensors)
        return made


def build_raw_supervised_input_receiver_fn(
    features: Any, labels: Any, default_batch_size: int | None = None
) -> Callable[[], SupervisedInputReceiver]:
    """Returns a function whose receiver is fed the features and labels themselves, in batches of any size."""
    both = set(_named(features, 'input')) & set(_named(labels, 'label'))
    if both:
        raise ValueError(f'Features and labels must have different keys. Both have: {both}')

    def placeholders(given: Any, name: str) -> tuple[Any, dict[Any, Any]]:
        """(what the model_fn gets, what is fed)"""
        named = {key: _placeholder(tensor, default_batch_size) for key, tensor in _named(given, name).items()}
        return named if isinstance(given, Mapping) else named[name], named

    def supervised_input_receiver_fn() -> SupervisedInputReceiver:
        made, fed = placeholders(features, 'input')
        wanted, fed_labels = placeholders(labels, 'label')
        return SupervisedInputReceiver(made, wanted, {**fed, **fed_labels})

    return supervised_input_receiver_fn


def build_supervised_input_receiver_fn_from_input_fn(
    input_fn: Callable[..., Any], **input_fn_args: Any
) -> Callable[[], SupervisedInputReceiver]:
    """The same for features and labels such as an input_fn returns."""
    with tf.Graph().as_default():
        features, labels, _ = estimator_module.inputs_of(input_fn(**input_fn_args), _MODES.EVAL)
    return build_raw_supervised_input_receiver_fn(features, labels)


def _named(tensors: Any, name: str) -> dict[Any, Any]:
    return dict(tensors) if isinstance(tensors, Mapping) else {name: tensors}


def _placeholder(tensor: Any, batch_size: int | None) -> Any:
    shape = tf.TensorShape([batch_size]).concatenate(tensor.shape[1:])
    return _v1.placeholder(tensor.dtype, shape, tensor.op.name)  # savedmodel-migrate: ignore[NAM301]


def write(
    estimator: estimator_module.Estimator,
    export_dir: str,
    receiver_fns: Mapping[str, Callable[[], Any]],
    checkpoint_path: str,
) -> None:
    """Writes the graphs of several modes as one model."""
    modes = [mode for mode in _TAGS if receiver_fns.get(mode)]
    if not modes:
        raise ValueError(f'None of these is a mode: {list(receiver_fns)}')
    builder = _make_builder(export_dir)
    for mode in modes:
        with estimator.restored(receiver_fns[mode], mode, checkpoint_path) as (session, receiver, spec, saver):
            if mode == _MODES.PREDICT:
                signatures = estimator_module.signatures_of(receiver, spec)
            else:
                signatures = {mode: _signature(receiver, spec)}
            builder._add_train_op(spec.train_op)
            given = {
                'tags': [_TAGS[mode]],
                'signature_def_map': signatures,
                'assets_collection': _v1.get_collection(_v1.GraphKeys.ASSET_FILEPATHS),
                'main_op': estimator_module.local_init_op(spec.scaffold),
                'saver': saver,
                'strip_default_attrs': True,
            }
            if mode == modes[0]:
                builder.add_meta_graph_and_variables(session, **given)
            else:
                builder.add_meta_graph(**given)
    builder.save()


def _signature(receiver: Any, spec: Any) -> Any:
    """The signature of a step of training or evaluating."""
    outputs = dict([*_outputs(spec.loss, 'loss'), *_outputs(spec.predictions, 'predictions')])
    for name, metric in _outputs(spec.eval_metric_ops, 'metrics'):
        value, update = estimator_module.value_and_update(metric)
        if not isinstance(update, tf.Tensor):  # an op: signatures are of tensors
            with tf.control_dependencies([update]):
                update = tf.constant([], name='metric_op_wrapper')
        outputs |= {f'{name}/value': value, f'{name}/update_op': update}
    info = _v1.saved_model.build_tensor_info
    return _v1.saved_model.build_signature_def(
        {name: info(tensor) for name, tensor in receiver.receiver_tensors.items()},
        {name: info(tensor) for name, tensor in outputs.items()},
        f'tensorflow/supervised/{"eval" if spec.mode == _MODES.EVAL else "training"}',
    )


def _outputs(given: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Each output by the name that a client sees: that of its kind stands before its own."""
    for key, value in _named(given, kind).items():
        name = '/'.join(key) if isinstance(key, tuple) else key
        yield name if name.startswith(kind) else f'{kind}/{name}', value
