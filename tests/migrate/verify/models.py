"""Writes SavedModels for tests: as TensorFlow 1 code wrote them, and as TensorFlow 2 code does, right and wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

v1 = tf.compat.v1
PREDICT = 'tensorflow/serving/predict'

Signature = tuple[Mapping[str, Any], Mapping[str, Any], str]
"""Inputs, outputs and method name, as TensorFlow 1 code has them."""


def export_tf1(directory: Path, build: Callable[[], Mapping[str, Signature]], **options: Any) -> Path:
    """Builds a graph, initialises it in a session, and writes it with SavedModelBuilder."""
    with v1.Graph().as_default(), v1.Session() as session:
        signatures = {
            key: v1.saved_model.build_signature_def(
                {name: v1.saved_model.build_tensor_info(tensor) for name, tensor in inputs.items()},
                {name: v1.saved_model.build_tensor_info(tensor) for name, tensor in outputs.items()},
                method_name,
            )
            for key, (inputs, outputs, method_name) in build().items()
        }
        session.run([v1.global_variables_initializer(), v1.tables_initializer()])
        builder = v1.saved_model.Builder(str(directory))
        has_tables = bool(v1.get_collection(v1.GraphKeys.TABLE_INITIALIZERS))
        builder.add_meta_graph_and_variables(
            session,
            options.get('tags', ['serve']),
            signatures,
            assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS),
            main_op=options.get('main_op', v1.tables_initializer() if has_tables else None),
        )
        builder.save()
    return directory


def export_tf2(directory: Path, functions: Mapping[str, Any], **tracked: Any) -> Path:
    """Writes functions (see `serve`) as the signatures of a tf.Module."""
    module = tf.Module()
    for name, value in tracked.items():
        setattr(module, name, value)
    tf.saved_model.save(module, str(directory), signatures=dict(functions))
    return directory


def serve(function: Callable[..., Mapping[str, Any]], **inputs: Any) -> Any:
    """A tf.function with named inputs; each is a dtype and a shape."""
    specs = {name: tf.TensorSpec(shape, dtype, name=name) for name, (dtype, shape) in inputs.items()}
    return tf.function(lambda **tensors: function(**tensors), autograph=False).get_concrete_function(**specs)


def set_method_name(directory: Path, key: str, method_name: str) -> None:
    updater = v1.saved_model.signature_def_utils.MethodNameUpdater(str(directory))
    updater.replace_method_name(signature_key=key, method_name=method_name)
    updater.save()
