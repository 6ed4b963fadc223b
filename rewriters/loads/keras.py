"""Finds Keras models that are saved as SavedModels or loaded from them, which Keras 3 does in another way.

https://keras.io/api/models/model_saving_apis/export/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.findings import Confidence, Finding
from rewriters.loads.calls import Source, argument
from rewriters.loads.codes import KERAS
from rewriters.symbols import dotted_name

_SAVE = ('keras.models.save_model', 'keras.saving.save_model')
_LOAD = ('keras.models.load_model', 'keras.saving.load_model')
_EXPORT_GONE = ('keras.experimental.export_saved_model', 'contrib.saved_model.save_keras_model')
_LOAD_GONE = ('keras.experimental.load_from_saved_model', 'contrib.saved_model.load_keras_model')
_FILES = ('.h5', '.hdf5', '.keras')
_LEGACY = 'TF_USE_LEGACY_KERAS'
_EXPORT = (
    'Write `model.export(directory)` for serving (its outputs are named output_0, …: check what clients ask for), or '
    'save to a file that ends in .keras to load it again.'
)
_USE = (
    "Call `tf.saved_model.load(directory).signatures['serving_default']`, or put "
    "`keras.layers.TFSMLayer(directory, call_endpoint='serving_default')` into a model; for further training, save the "
    'model to a .keras file with the old version first.'
)


def find(source: Source) -> Iterator[Finding]:
    """A finding for each call that saves or loads a Keras model as a SavedModel, or may do so."""
    has_keras_2 = _LEGACY in source.text
    models = set(_models(source))
    for call in source.calls():
        found = _judged(source, call, has_keras_2, models)
        if found is not None and not source.is_consumed(call):
            confidence, message, advice = found
            yield Finding(KERAS, confidence, source.place(call), message, advice)


def _judged(
    source: Source, call: ast.Call, has_keras_2: bool, models: set[str]
) -> tuple[Confidence, str, str] | None:
    called = source.called(call)
    if called in _EXPORT_GONE:
        return Confidence.MANUAL, f'`tf.{called}` exports a Keras model in a way that is gone', _EXPORT
    if called in _LOAD_GONE:
        return Confidence.MANUAL, f'`tf.{called}` loads a Keras model in a way that is gone', _USE
    if has_keras_2:
        return None
    if called in _SAVE:
        return _saved(source, call, 1)
    if called in _LOAD:
        return _loaded(source, call)
    if isinstance(call.func, ast.Attribute) and call.func.attr == 'save':
        is_model = dotted_name(call.func.value) in models
        if is_model or any(keyword.arg == 'save_format' for keyword in call.keywords):
            return _saved(source, call, 0)
    return None


def _saved(source: Source, call: ast.Call, position: int) -> tuple[Confidence, str, str] | None:
    path = argument(call, position, 'filepath')
    save_format = argument(call, position + 3, 'save_format')
    formats = source.strings(save_format) if save_format is not None else []
    if 'tf' in formats:
        return Confidence.MANUAL, 'Keras 3 saves no SavedModels: `save_format` is an error', _EXPORT
    if path is None or formats or _is_file(source, path):
        return None
    # Without a format, TensorFlow 1 wrote an HDF5 file, whatever it was called.
    advice = 'Give the file a name that ends in .keras or .h5, or write `model.export(directory)` for serving.'
    return Confidence.REVIEW, 'Keras 3 saves only to files that end in .keras or .h5', advice


def _loaded(source: Source, call: ast.Call) -> tuple[Confidence, str, str] | None:
    path = argument(call, 0, 'filepath')
    if path is None or _is_file(source, path):
        return None
    return Confidence.REVIEW, 'Keras 3 loads no SavedModels, only files that end in .keras or .h5', _USE


def _is_file(source: Source, path: ast.expr) -> bool:
    strings = source.strings(path)
    return bool(strings) and strings[-1].endswith(_FILES)


def _models(source: Source) -> Iterator[str]:
    """The names that the file binds to Keras models."""
    for node in source.symbols.walk.assigns:
        if isinstance(node.value, ast.Call):
            called = source.called(node.value)
            is_class = called.startswith('keras.') and called.rpartition('.')[2] in ('Model', 'Sequential')
            if is_class or called in (*_LOAD, *_LOAD_GONE) or called.startswith('keras.applications.'):
                yield from (name for name in map(dotted_name, node.targets) if name)
