"""Reports what loads models and is left as it is: tensor names, imported graphs, Keras models, Estimator predictors."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place
from rewriters.loads import graph_files, keras, tensor_names
from rewriters.loads.calls import Source
from rewriters.loads.codes import PREDICTOR_LEFT_ALONE
from rewriters.symbols import Symbols

_WORDS = (
    '_by_name as_graph_element import_meta_graph import_graph_def load_model save_model export_saved_model '
    'load_from_saved_model keras_model from_estimator from_contrib_estimator'
).split()
_KERAS = ('keras', 'save_format')
"""Without one of these, what is saved is no Keras model."""
_TENSOR_NAME = re.compile(r':\d+[\'"]')
_RUN = re.compile(rf'\.\s*(?:{"|".join(tensor_names.RUNS)})\b')
_FROM_ESTIMATOR = ('contrib.predictor.from_estimator', 'contrib.predictor.from_contrib_estimator')


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_load(text: str) -> bool:
    """Whether there may be something to report, judging by the words."""
    if any(word in text for word in _WORDS) or ('.save(' in text and any(word in text for word in _KERAS)):
        return True
    return _TENSOR_NAME.search(text) is not None and _RUN.search(text) is not None


def report_loads(text: str, tree: ast.Module, symbols: Symbols, consumed: Sequence[Place]) -> list[Finding]:
    """Findings about the module as it was. `consumed` are stretches of `text` that are rewritten."""
    if not mentions_load(text):
        return []
    source = Source(text, tree, symbols, consumed)
    return [
        *tensor_names.find(source), *graph_files.find(source), *keras.find(source), *_estimator_predictors(source)
    ]  # fmt: skip


def _estimator_predictors(source: Source) -> Iterator[Finding]:
    for call in source.calls():
        called = source.called(call)
        if called in _FROM_ESTIMATOR:
            message = f'predictor left alone: `tf.{called}` needs an Estimator, which TensorFlow 2.16 and later lack'
            advice = 'Export the Estimator as a SavedModel, and call tf.saved_model.load(directory).signatures[key].'
            yield Finding(PREDICTOR_LEFT_ALONE, Confidence.MANUAL, source.place(call), message, advice)
